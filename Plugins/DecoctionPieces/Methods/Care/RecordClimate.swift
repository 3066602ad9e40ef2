internal import XinglinKit

/// `decoction.climate.record`
struct RecordClimate: RPCMethod {
    struct Params: Codable, Sendable {
        var locationId: RecordID?
        let celsiusTenths: Int
        let humidityTenths: Int
        var readAt: Timestamp?
        var action: String?
    }

    struct Reply: Codable, Sendable {
        let readingId: RecordID
        let outside: Bool
    }

    static let name = "decoction.climate.record"
    static let summary = """
        Logs temperature and humidity at a place (8.2). A reading outside the limits says what was done, and is published.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .integrator])
    static let params = Schema.object(
        .optional("locationId", .id, "A watched place; the main store unless told."),
        .required("celsiusTenths", .integer(-600...1000), "Tenths of a degree Celsius: 205 is 20.5 °C."),
        .required("humidityTenths", .integer(0...1000), "Tenths of a percent of relative humidity."),
        .optional("readAt", .timestamp, "When it was read, at most a week ago; now unless told."),
        .optional("action", .text(1...200), "What was done; wanted where the reading is outside the limits."))
    static let reply = Schema.object(
        .required("readingId", .id, "The reading."),
        .required("outside", .boolean, "Whether it is outside the limits."))
    static let faults = [CareFault.climateActionRequired]

    private static let week: Int64 = 7 * 86_400

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let readAt = params.readAt ?? call.now
        guard readAt <= call.now, readAt >= call.now.adding(seconds: -Self.week) else {
            throw Fault.invalid("/readAt", expected: "a time of the last week", zh: "最近一周内的时间")
        }
        let place = params.locationId ?? act.site
        let results = try call.db.batch([
            Statement(ClimateStore.climate(of: place, site: act.site)),
            Statement(PharmacyRules.table.valid(on: readAt.localDate, site: act.site)),
        ])
        guard let climate = try results[0].first(as: StoreClimate.self), climate != .none else {
            throw HostFault.notFound.fault(["locationId": .string(place.description)])
        }
        let rules = try PharmacyRules.book(results[1])
        let limits = try ClimateLimits(climate, rules)
        let isOutside = !limits.contain(celsius: params.celsiusTenths, humidity: params.humidityTenths)
        let action = PlainText.trimmed(params.action ?? "")
        guard !isOutside || !action.isEmpty else { throw CareFault.climateActionRequired.fault(limits.json) }
        let reading = ClimateStore.Reading(
            id: call.newID(), location: place, climate: climate, celsiusTenths: params.celsiusTenths,
            humidityTenths: params.humidityTenths, isOutside: isOutside, action: action,
            ruleVersion: rules.version(of: RuleKey.climateLogsPerDay.rule) ?? "", readAt: readAt,
            logsPerDay: try rules.number(.climateLogsPerDay))
        try call.db.execute(ClimateStore.record(reading, act), expecting: .rows(1))
        call.note("readingId", .string(reading.id.description))
        if isOutside {
            try call.publish(
                CareTopic.climateOutside, subject: reading.id,
                CareTopic.ClimateOutside(
                    readingId: reading.id, locationId: place, climate: climate, celsiusTenths: params.celsiusTenths,
                    humidityTenths: params.humidityTenths))
        }
        return Reply(readingId: reading.id, outside: isOutside)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    locationId: Sample.location, celsiusTenths: 312, humidityTenths: 780, readAt: Sample.instant,
                    action: "开启空调和除湿机，半小时后复测"), Reply(readingId: Sample.document, outside: true)
            ),
            minimal: (
                Params(celsiusTenths: 205, humidityTenths: 550), Reply(readingId: Sample.document, outside: false)
            ))
    }
}
