internal import XinglinKit

/// What an inspection found of a lot at a place.
enum CareFinding: String, PrescriptionCode {
    case good
    /// Dried, sieved, or otherwise put right.
    case treated
    /// Not fit to be used: the lot is withheld.
    case condemned
}

/// What is done at a place: a look, or a count.
enum CareKind: String, PrescriptionCode {
    case inspection, count
}
