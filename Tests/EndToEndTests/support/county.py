"""A small county, made through the wire: a bureau, two township centres, accounts, suppliers and stock."""

import datetime
import itertools
import secrets
import threading

from support.client import insist

BUREAU, FIRST, SECOND = "county", "t1", "t2"
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
# 毒性 is none in the catalogue for all of these, so one account alone may accept their lots.
# Without 薄荷, which the tests of the rules put on the shelf by its name.
PLAIN_PIECES = [f"XLYP{number:04d}" for number in range(19, 63) if number != 23]

ACCOUNTS = {
    "pharmacist-t1": ("pharmacist", FIRST), "pharmacist-t1b": ("pharmacist", FIRST), "reviewer-t1": ("reviewer", FIRST),
    "siteadmin-t1": ("siteAdmin", FIRST), "nurse-t1": ("nurse", FIRST), "pharmacist-t2": ("pharmacist", SECOND),
}


def new_password():
    return "Tests-" + secrets.token_urlsafe(18)


def today():
    return datetime.datetime.now(SHANGHAI).date()


def days(count):
    return (today() + datetime.timedelta(days=count)).isoformat()


class County:
    """The sites and accounts of one host, and short forms for the work of its pharmacy."""

    def __init__(self, host):
        self.host = host
        self.passwords = {}
        self.tokens = {}
        self.pieces = iter(PLAIN_PIECES)
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()

    def session(self, account):
        """A new connection on the account's session; tests that end a session log in on their own."""
        return self.connect(self.token(account))

    def token(self, account):
        """The token of the account's session, for many connections."""
        with self.lock:
            if account not in self.tokens:
                with self.host.connect() as client:
                    self.tokens[account] = client.login(account, self.passwords[account])["token"]
            return self.tokens[account]

    def connect(self, token):
        """A new connection on a session that exists."""
        client = self.host.connect()
        try:
            client.resume(token)
        except BaseException:
            client.close()
            raise
        return client

    def fresh_piece(self):
        """The code of a piece that no other test has in stock."""
        with self.lock:
            return next(self.pieces)

    def fresh_number(self, word="B"):
        with self.lock:
            return f"{word}{next(self.numbers):05d}"

    # Setting up

    def first_login(self):
        """The administrator's first login with the password of DIR/first-password, and its change."""
        first = self.host.first_password()
        self.passwords["admin"] = new_password()
        client = self.host.session("admin", first)
        client.call("session.changePassword", {"current": first, "new": self.passwords["admin"]})
        return client

    def found(self, accounts=None):
        """Makes the sites, and those of the accounts that are named, or all. Gives itself."""
        with self.first_login() as admin:
            admin.call("sites.create", {"code": BUREAU, "nameZh": "测试县卫生健康局", "kind": "bureau"})
            for code, name in ((FIRST, "一号镇卫生院"), (SECOND, "二号镇卫生院")):
                admin.call("sites.create", {"code": code, "nameZh": name, "kind": "townshipCentre", "parent": BUREAU})
            for module in ("decoction", "example"):
                for site in (FIRST, SECOND):
                    admin.call("modules.enable", {"module": module, "site": site})
            for account in ACCOUNTS if accounts is None else accounts:
                role, site = ACCOUNTS[account]
                self.create_account(admin, account, [{"role": role, "site": site}])
        return self

    def create_account(self, admin, account, roles):
        """Creates an account and does its first login, which changes the one-time password."""
        once = admin.call("accounts.create", {"account": account, "roles": roles})["oneTimePassword"]
        self.passwords[account] = new_password()
        with self.host.session(account, once) as client:
            client.call("session.changePassword", {"current": once, "new": self.passwords[account]})

    # The pharmacy's work

    def supplier(self, client, site=FIRST):
        number = self.fresh_number("S")
        params = {"nameZh": f"饮片供应商{number}", "licence": f"SN{number}"}
        return client.call("decoction.supplier.create", params, site=site)["supplierId"]

    def receive(self, client, piece, quantity, site=FIRST, expires=365, supplier=None):
        """Receives a lot and leaves it in quarantine. Gives its id."""
        lot = client.call("decoction.lot.receive", {
            "pieceCode": piece, "supplierId": supplier or self.supplier(client, site), "batchNumber": self.fresh_number(),
            "producedOn": days(-60), "expiresOn": days(expires), "quantityMg": quantity, "unitCostFenPerKg": 8800,
        }, site=site)
        assert lot["state"] == "quarantined"
        return lot["lotId"]

    def stock(self, client, piece, quantity, site=FIRST, expires=365):
        """Receives and accepts a lot. Gives its id."""
        lot = self.receive(client, piece, quantity, site, expires)
        assert client.call("decoction.lot.accept", {"lotId": lot}, site=site)["state"] == "accepted"
        return lot


def issue_params(piece, quantity, reason="内部调拨"):
    return {"lines": [{"pieceCode": piece, "quantityMg": quantity}], "reason": reason}


def issue(client, piece, quantity, site=FIRST, key=None):
    """Issues a piece, repeating while the host says so. With `key`, a repetition has no second effect."""
    return insist(lambda: client.call("decoction.stock.issue", issue_params(piece, quantity), site=site, key=key))[0]


def pages(client, method, params, member, site=FIRST):
    """Every entry of a list, page by page."""
    entries, after = [], None
    while True:
        page = client.call(method, {**params, "limit": 500, **({"after": after} if after else {})}, site=site)
        entries += page[member]
        after = page.get("next")
        if after is None:
            return entries


def lots(client, piece, site=FIRST):
    """The lots of a piece."""
    return pages(client, "decoction.stock.list", {"pieceCode": piece}, "lots", site)


def on_hand(client, piece, site=FIRST):
    """What the stock list says lies there, over all lots."""
    return sum(lot["onHandMg"] for lot in lots(client, piece, site))


def movements(client, lot, site=FIRST):
    """Every movement of a lot."""
    return pages(client, "decoction.movement.list", {"lotId": lot}, "movements", site)


def sum_of_movements(client, lot, site=FIRST):
    """What must be on hand by the movements: in is positive, out is negative."""
    return sum(movement["quantityMg"] for movement in movements(client, lot, site))


def issue_documents(client, lot, site=FIRST):
    """The documents that took something out of a lot."""
    return {movement["documentId"] for movement in movements(client, lot, site) if movement["quantityMg"] < 0}


def check_ledger(client, piece, site=FIRST):
    """Balance = Σ movements, and never below zero, for every lot of the piece."""
    for lot in lots(client, piece, site):
        assert lot["onHandMg"] >= 0
        assert lot["onHandMg"] == sum_of_movements(client, lot["lotId"], site)
