"""What can be wrong with certificates and handshakes."""

from __future__ import annotations

from datetime import timedelta

from launchready_tui.lab.faults.base import ADMIN, API, APP, DOCS, Fault, certificate
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate, Endpoint
from launchready_tui.vocabulary.findings import Verdict

DAY = timedelta(days=1)


FAULTS = (
    Fault(
        "cert-expired",
        "The API's certificate ran out two days ago.",
        "We put a new certificate on the API.",
        "tls.valid", API, Verdict.FAIL, "expired",
        certificate(API, Certificate((API,), -92 * DAY, -2 * DAY)), ("tls.chain",),
    ),
    Fault(
        "cert-wrong-host",
        "The app shows a certificate that was made for another name.",
        "We put a certificate for the app's own name on it.",
        "tls.valid", APP, Verdict.FAIL, "wrong-name",
        certificate(APP, Certificate((f"staging.{DOMAIN}",))),
        ("tls.chain", "edge.private-cache"),
    ),
    Fault(
        "cert-self-signed",
        "The admin site signed its certificate itself.",
        "We put a certificate that browsers trust on the admin site.",
        "tls.valid", ADMIN, Verdict.FAIL, "self-signed",
        certificate(ADMIN, Certificate((ADMIN,), issuer="self")), ("tls.chain",),
    ),
    Fault(
        "cert-soon",
        "The help site's certificate runs out in ten days, and nothing renews it.",
        "We put a new certificate on the help site.",
        "tls.valid", DOCS, Verdict.WARN, "ends-soon",
        certificate(DOCS, Certificate((DOCS,), -80 * DAY, 10 * DAY)),
    ),
    Fault(
        "chain-incomplete",
        "The app leaves out the certificate in the middle of its chain.",
        "We added the missing certificate to what the app sends.",
        "tls.chain", APP, Verdict.FAIL, "missing-intermediate",
        certificate(APP, Certificate((APP,), intermediate=False)),
    ),
    Fault(
        "tls-old",
        "The help site still accepts TLS 1.0 and 1.1.",
        "We turned off TLS 1.0 and 1.1 on the help site.",
        "tls.versions", DOCS, Verdict.WARN, "old",
        lambda world: world.with_endpoint(
            Endpoint("192.0.2.50", versions=("1.0", "1.1", "1.2", "1.3"))
        ),
    ),
)  # fmt: skip
