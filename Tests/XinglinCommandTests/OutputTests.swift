import Foundation
import Testing
import XinglinKit
import XinglinRPC

@testable import XinglinCommand
@testable import XinglinHost

@Suite(.language(.en)) struct OutputTests {
    @Test("Pretty JSON keeps the order of members and breaks lines where people expect it")
    func pretty() {
        let json = #"{"b":1,"a":[1,"x,{}:[]",null],"e":{},"l":[],"o":{"t":true}}"#
        let expected = """
            {
              "b": 1,
              "a": [
                1,
                "x,{}:[]",
                null
              ],
              "e": {},
              "l": [],
              "o": {
                "t": true
              }
            }
            """
        #expect(string(PrettyJSON.format(bytes(json), coloured: false)) == expected)
    }

    @Test(
        "Pretty JSON has the same value as what it was made of",
        arguments: [
            #"{ "a" : [ ] , "b" : { } }"#, #""\\\"}{,:""#, "0", "-1.5e3", "[[[]],{}]", #"{"":{"":""}}"#, "\"麻黄\"",
            "[1 , 2]", "true",
        ])
    func same(json: String) throws {
        let pretty = PrettyJSON.format(bytes(json), coloured: false)
        #expect(try JSONReader.parse(pretty) == JSONReader.parse(bytes(json)))
        let again = PrettyJSON.format(pretty, coloured: false)
        #expect(again == pretty)
    }

    @Test("Colours only wrap what is there")
    func colours() {
        let json = bytes(#"{"a":["x",1,null]}"#)
        let coloured = string(PrettyJSON.format(json, coloured: true))
        #expect(coloured.contains("\u{1B}[34m\"a\"\u{1B}[0m"))
        let plain = coloured.replacing(/\u{1B}\[[0-9]+m/, with: "")
        #expect(plain == string(PrettyJSON.format(json, coloured: false)))
    }

    @Test("An error is message, hint, reason and details in a terminal and its own line in a pipe")
    func errorReport() {
        let json = bytes(
            #"{"code":1100,"message":"库存不足","data":{"reason":"decoction.insufficientStock","details":[{"requestedMg":5}],"hint":"请先收货","retryable":false,"trace":"t1"}}"#
        )
        #expect(ErrorReport.text(json, .zh, isTerminal: false) == json)
        let text = string(ErrorReport.text(json, .zh, isTerminal: true)).replacing(/\u{1B}\[[0-9]+m/, with: "")
        #expect(text.hasPrefix("库存不足\n请先收货\n原因  decoction.insufficientStock\n详情  [\n"))
        #expect(text.hasSuffix("编号  t1"))
    }

    @Test("A table aligns Chinese and puts reasons below their row")
    func table() {
        let reports = [
            ModuleReport(code: "decoction", version: "1.0.0", state: "running", reason: nil, methods: ["a.b", "a.c"]),
            ModuleReport(code: "饮片", version: "2", state: "quarantined", reason: "built for another Kit", methods: []),
        ]
        #expect(
            ModulesListCommand.table(reports, methods: true).lines(coloured: false) == [
                "MODULE     VERSION  STATE        METHODS",
                "decoction  1.0.0    loads        2",
                "    a.b",
                "    a.c",
                "饮片       2        quarantined  0",
                "    built for another Kit",
            ])
        #expect(ModulesListCommand.table(reports, methods: false).lines(coloured: false).count == 4)
    }

    @Test("The doctor's table has the remedy below the finding")
    func doctor() {
        let lines = DoctorCommand.table([
            .failed(
                .keys, .init(zh: "他人可读", en: "open to others"),
                remedy: .init(zh: "chmod 700 keys", en: "chmod 700 keys")),
            .ok(.disk, .init(zh: "可用 20 GB", en: "20 GB free")),
        ]).lines(coloured: false)
        #expect(
            lines == [
                "CHECK  STATUS  FINDING", "keys   failed  open to others", "    → chmod 700 keys",
                "disk   ok      20 GB free",
            ])
    }

    @Test(
        "The terminal's language is Chinese where the environment says so",
        arguments: [
            (["LANG": "zh_CN.UTF-8"], Locale.zh), (["LANG": "C.UTF-8"], .en), ([:], .en),
            (["LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"], .en), (["LANG": "en", "LC_MESSAGES": "zh_TW"], .zh),
            (["LANG": "zh", "LC_ALL": ""], .zh),
        ])
    func language(environment: [String: String], expected: XinglinKit.Locale) {
        #expect(Console.locale(environment) == expected)
    }

    @Test("A log line is one JSON object whatever the values hold")
    func logLine() throws {
        var log = StderrLog(label: "xinglin", level: .info, isText: false)
        log[metadataKey: "module"] = "decoction"
        let event = LogEvent(
            level: .warning, message: "a \"message\"\n",
            metadata: ["count": .stringConvertible(3), "list": ["a", "b\nc"]],
            source: "x", file: "f", function: "g", line: 1)
        let line = log.line(event, at: Timestamp(microseconds: 0))
        #expect(!line.contains(0x0A))
        #expect(
            try JSONReader.parse(line) == [
                "ts": "1970-01-01T08:00:00+08:00", "level": "warning", "label": "xinglin", "msg": "a \"message\"\n",
                "metadata": ["module": "decoction", "count": 3, "list": ["a", "b\nc"]],
            ])
        let text = StderrLog(label: "xinglin", level: .info, isText: true).line(event, at: Timestamp(microseconds: 0))
        #expect(!text.contains(0x0A))
    }

    @Test("A failure is one line with what to do")
    func failure() throws {
        #expect(
            try #require(Failure(StartFailure("it broke\nbadly", remedy: "mend it"))).line == "it broke badly — mend it"
        )
        #expect(try #require(Failure(HostFault.busy.fault())).line.contains("host.busy"))
    }
}
