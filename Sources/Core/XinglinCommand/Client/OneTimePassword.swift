internal import XinglinKit

/// A one-time password as it is shown, once, to the administrator who asked for it.
enum OneTimePassword {
    static func lines(_ reply: JSONValue) -> [String] {
        let account = reply["account"]?.stringValue ?? ""
        guard let password = reply["oneTimePassword"]?.stringValue else {
            return [
                words(
                    zh: "\(account)：这是同一次操作的重复应答，一次性密码不再显示；如未记下请用 xinglin accounts reset-password \(account)",
                    en: "\(account): a repeated reply shows no password; if it was not noted, use "
                        + "xinglin accounts reset-password \(account)")
            ]
        }
        return [
            words(zh: "账号        \(account)", en: "account            \(account)"),
            words(zh: "一次性密码  \(password)", en: "one-time password  \(password)"),
            words(
                zh: "只显示这一次：请当面交给本人。本人首次登录（xinglin login \(account)）时必须另设密码。",
                en: "It is shown only now: hand it over in person. The first login (xinglin login \(account)) "
                    + "asks for a new one."),
        ]
    }
}
