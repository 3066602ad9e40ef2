internal import ArgumentParser
internal import XinglinKit

struct EventsRetryCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "retry",
            abstract: words(zh: "重试已搁置的事件。", en: "Have parked events tried again."),
            discussion: words(
                zh: "例：xinglin events retry example.day.count；xinglin events retry example.day.count 1041",
                en: "Examples: xinglin events retry example.day.count; xinglin events retry example.day.count 1041"))
    }

    @Argument(
        help: .both(zh: "处理程序的名称，见 xinglin events parked。", en: "The handler, as xinglin events parked names it."))
    var handler: String

    @Argument(
        help: .both(zh: "只重试这一编号的事件；不给则重试全部。", en: "The number of one event; all of the handler's where it is absent."))
    var number: Int?

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            var params: [String: JSONValue] = ["handler": .string(self.handler)]
            params["number"] = self.number.map { .integer(Int64($0)) }
            let reply = try await front.call("events.parked.retry", params)
            let count = reply["retried"]?.integerValue ?? 0
            try front.show(reply) {
                [words(zh: "\(count) 个事件将再次处理", en: "\(count) \(count == 1 ? "event is" : "events are") tried again")]
            }
        }
    }
}
