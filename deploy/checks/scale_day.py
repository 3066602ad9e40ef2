"""A generated day of a county: the assumptions it is made of, and the calls that follow from them."""

import dataclasses
import random
import string

PIECES = [f"XLYP{number:04d}" for number in range(19, 63)]
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"


@dataclasses.dataclass(frozen=True)
class Assumptions:
    """What the rates are derived from. Nothing here is measured; change it on the command line for a county of your own."""

    # Outpatient visits of a working day.
    visitsOfTownshipCentre: float = 120
    visitsOfCountyHospital: float = 1200
    # The busiest hour's share of the day's visits.
    busiestHourShare: float = 0.2
    workingDaysOfYear: int = 300
    # Of a hundred visits: patients new to the site, and prescriptions of decoction pieces.
    newPatientShare: float = 0.1
    herbalShareAtTownship: float = 0.15
    herbalShareAtHospital: float = 0.08
    # What a visit and a prescription cost in calls.
    findsOfVisit: float = 1.0
    getsOfVisit: float = 1.0
    notesOfVisit: float = 1.0
    searchesOfPrescription: float = 4.0
    stockLooksOfPrescription: float = 1.0
    piecesOfPrescription: int = 12
    # Of a site and day: lots received and accepted.
    lotsOfSite: float = 2.0

    def calls_of_day(self, kind):
        """Calls of one site on one day, by method."""
        visits = self.visitsOfCountyHospital if kind == "countyHospital" else self.visitsOfTownshipCentre
        herbal = visits * (self.herbalShareAtHospital if kind == "countyHospital" else self.herbalShareAtTownship)
        return {
            "people.person.find": visits * self.findsOfVisit, "people.person.get": visits * self.getsOfVisit,
            "people.person.register": visits * self.newPatientShare, "example.note.add": visits * self.notesOfVisit,
            "decoction.piece.search": herbal * self.searchesOfPrescription,
            "decoction.stock.list": herbal * self.stockLooksOfPrescription, "decoction.stock.issue": herbal,
            "decoction.lot.receive": self.lotsOfSite, "decoction.lot.accept": self.lotsOfSite,
        }


WRITES = {
    "people.person.register", "example.note.add", "decoction.stock.issue", "decoction.lot.receive", "decoction.lot.accept",
}
# Who calls what: the pharmacist the pharmacy's methods, the doctor the others.
OF_PHARMACIST = "decoction."


class Caller:
    """Makes the params of calls at one site, from what it has and what it made so far."""

    def __init__(self, site, seed):
        self.site = site
        self.random = random.Random(f"{seed} {site['code']}")
        self.lots = []

    def name(self):
        return self.random.choice(SURNAMES) + self.random.choice(GIVEN) + self.random.choice(GIVEN)

    def number(self):
        return "".join(self.random.choices(string.digits, k=12))

    def prepare(self, method):
        """The call that can be made: a lot is accepted only once there is one."""
        if method == "decoction.lot.accept" and not self.lots:
            method = "decoction.lot.receive"
        return method, getattr(self, "_" + method.replace(".", "_"))()

    def learn(self, method, result):
        if method == "decoction.lot.receive":
            self.lots.append(result["lotId"])
        elif method == "people.person.register":
            self.site["persons"].append(result["personId"])

    def _people_person_find(self):
        return {"namePrefix": self.random.choice(SURNAMES) + self.random.choice(GIVEN), "limit": 20}

    def _people_person_get(self):
        return {"personId": self.random.choice(self.site["persons"])}

    def _people_person_register(self):
        birth = f"{self.random.randint(1935, 2024)}-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}"
        return {
            "nameZh": self.name(), "sex": self.random.choice(["male", "female"]), "birthDate": birth,
            "phone": "139" + "".join(self.random.choices(string.digits, k=8)), "address": f"{self.random.randint(1, 99)}组{self.random.randint(1, 200)}号",
        }

    def _example_note_add(self):
        return {"text": f"就诊登记 {self.number()}"}

    def _decoction_piece_search(self):
        return {"query": self.random.choice(["mh", "gc", "hq", "dg", "bs", "cp", "bx", "fl", "sd", "cx"]), "limit": 10}

    def _decoction_stock_list(self):
        return {"pieceCode": self.random.choice(self.site["pieces"])}

    def _decoction_stock_issue(self):
        pieces = self.random.sample(self.site["pieces"], min(self.site["lines"], len(self.site["pieces"])))
        return {
            "lines": [{"pieceCode": piece, "quantityMg": self.random.randrange(21_000, 105_000, 1_000)} for piece in pieces],
            "reason": f"处方 {self.number()}",
        }

    def _decoction_lot_receive(self):
        return {
            "pieceCode": self.random.choice(self.site["pieces"]), "supplierId": self.site["supplier"], "batchNumber": self.number(),
            "producedOn": "2026-09-01", "expiresOn": "2028-09-01", "quantityMg": 50_000_000, "unitCostFenPerKg": 6_000,
        }

    def _decoction_lot_accept(self):
        return {"lotId": self.lots.pop(0)}
