internal import XinglinKit

/// The methods about places, the ledger and its months.
enum LedgerMethods {
    static var all: [any RPCMethod] {
        [
            CreateLocation(), ListLocations(), CloseLocation(), LocationContents(), TransferStock(), ReverseDocument(),
            ClosePeriod(), ListPeriods(), VerifyLedger(), ValueStock(), ListExpiring(), SuggestReplenishment(),
            TraceLot(),
        ]
    }
}
