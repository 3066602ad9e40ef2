"""The operations port as a monitoring server sees it."""

import http.client
import json

from prometheus_client.parser import text_string_to_metric_families


class Page:
    """One answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Operations:
    """The port of one host."""

    def __init__(self, host):
        self.address = (host.data / "operations-port").read_text().strip()
        self.name, port = self.address.rsplit(":", 1)
        self.port = int(port)

    def get(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection(self.name.strip("[]"), self.port, timeout=30)
        try:
            connection.request(method, path, headers=headers or {}, body=body)
            return Page(connection.getresponse())
        finally:
            connection.close()

    def text(self):
        page = self.get("/metrics")
        assert page.status == 200
        return page.body.decode()

    def metrics(self):
        return Metrics(self.text())

    def health(self):
        return self.get("/healthz")

    def readiness(self):
        page = self.get("/readyz")
        return page.status, page.json


class Metrics:
    """A page, read by a strict parser."""

    def __init__(self, text):
        self.families = {}
        self.samples = {}
        for family in text_string_to_metric_families(text):
            assert family.name not in self.families, f"{family.name} stands twice"
            self.families[family.name] = family
            for sample in family.samples:
                key = (sample.name, tuple(sorted(sample.labels.items())))
                assert key not in self.samples, f"{key} stands twice"
                self.samples[key] = sample.value

    def value(self, name, **labels):
        """The one sample; None where there is none."""
        return self.samples.get((name, tuple(sorted(labels.items()))))

    def total(self, name, **labels):
        """The sum of the samples that carry these labels."""
        wanted = set(labels.items())
        return sum(value for (found, pairs), value in self.samples.items() if found == name and wanted <= set(pairs))

    def names(self):
        return {name for name, _ in self.samples}
