internal import NIOCore

/// What keeps one connection from delaying the others: a bounded amount of work each time the loop comes round.
extension ConnectionHandler {
    /// Bytes of lines that one turn takes; a call costs so many besides.
    static var turnBudget: Int { 32_768 }
    static var callCost: Int { 1_024 }
    /// Lines beyond this are read beside the loop.
    static var longLine: Int { 8_192 }

    /// Asks to go on when the loop has looked after the others.
    func askForTurn(_ context: ChannelHandlerContext) {
        guard !self.awaitsTurn, !self.framer.isExhausted else { return }
        self.awaitsTurn = true
        let loop = context.eventLoop
        self.surroundings.turns.append(NIOLoopBound(self, eventLoop: loop), on: loop)
    }

    func takeTurn() {
        self.awaitsTurn = false
        self.budget = Self.turnBudget
        self.pump()
    }

    /// Gives the connection what is its due with a session, and takes it away without one.
    func followIdentity() {
        guard let connection = self.connection, connection.isIdentified != self.hasSession else { return }
        self.hasSession.toggle()
        let settings = self.settings
        self.framer.limit =
            self.hasSession ? settings.lineBytes : min(settings.lineBytes, settings.lineBytesBeforeLogin)
        self.surroundings.registry.changed(self.id, hasSession: self.hasSession)
    }
}
