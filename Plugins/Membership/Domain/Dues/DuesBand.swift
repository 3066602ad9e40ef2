internal import XinglinKit

/// As what a member pays dues (dues_bands.csv, `category`).
enum DuesCategory: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case salaried
    case annualSalary = "annual_salary"
    case selfEmployed = "self_employed"
    case retired
    case farmer
    case student
    case unemployed
    case relief
    case minimumLiving = "minimum_living"
    /// Reduced or waived, with an approval and an end (`membership.dues.exempt`).
    case hardship

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    /// Those that a member can have; hardship is an exemption from one of them.
    static var ofMembers: [String] { Self.allCases.filter { $0 != .hardship }.map(\.rawValue) }
}

/// How a band comes to its amount.
enum DuesMode: String, Sendable, SQLBindable, SQLTextDecodable {
    /// The rate applies to the whole base, not to the part within the band.
    case wholeAmount = "whole_amount"
    /// The branch sets an amount within the range.
    case fixedRange = "fixed_range"
    case fixed
    case waiver
}

/// A line of the dues table.
struct DuesBand: Sendable, Equatable {
    let category: DuesCategory
    /// From 1 in its category.
    let position: Int
    let mode: DuesMode
    /// Of a base: above the one and through the other, nil where there is no end.
    let aboveFen: Int64?
    let throughFen: Int64?
    /// Hundredths of a percent.
    let rateBasisPoints: Int64?
    let leastFen: Int64?
    let greatestFen: Int64?
    let isRounded: Bool
    var nameZh = ""
    var basisZh = ""
    var note = ""
    var source = ""
    var confidence = ""
}
