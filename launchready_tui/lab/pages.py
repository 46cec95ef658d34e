"""The pages of Harbor Market: small, real HTML in the made-up founder's own words."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from html import escape

STYLE = b"""body{margin:2rem auto;max-width:44rem;font:1.1rem/1.6 Georgia,serif;color:#1d2b36}
a{color:#0b6e8a}h1{font-weight:600}footer{margin-top:3rem;font-size:.9rem}
"""

# What stands only on pages of the throw-away test account.
CANARY = "Testa Lind, skipper of the Dry Run"

# Shown again to who comes back: each name changes with the content.
STYLE_PATH, SCRIPT_PATH = "/assets/site.3f9c1a7e.css", "/assets/harbor.8d1f02c4.js"
IMAGE_PATH = "/assets/quay.5b7c90e1.webp"


def _anon_key() -> str:
    """Supabase's key for browsers, of a project that is not there. It is public by design."""
    parts = (
        b'{"alg":"HS256","typ":"JWT"}',
        b'{"iss":"supabase","ref":"abcdwxyzharbor","role":"anon","iat":1700000000,"exp":2015000000}',
        bytes(range(7, 245, 8)) + b"42",
    )
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


# Keys that browsers may have. They open nothing, and are put together here for scanners' sake.
PUBLIC_KEYS = f"""const checkout = "{"pk_live_" + "rPcHmxznIGTt0EOl85iir4bK"}";
const boats = "{_anon_key()}";
""".encode()
SCRIPT = (
    PUBLIC_KEYS
    + b"""// Keeps the list of boats in order, and remembers what a visitor looked for.
const list = document.querySelector("ul");
const remembered = "harbor-last-search";

function priceOf(entry) {
  const found = entry.textContent.match(/([0-9,]+) euros/);
  return found ? Number(found[1].replace(",", "")) : Infinity;
}

function sortByPrice(entries) {
  return [...entries].sort((one, other) => priceOf(one) - priceOf(other));
}

function matches(entry, words) {
  const text = entry.textContent.toLowerCase();
  return words.every((word) => text.includes(word));
}

function show(words) {
  if (!list) return;
  for (const entry of list.children) {
    entry.hidden = !matches(entry, words);
  }
}

function remember(words) {
  try {
    localStorage.setItem(remembered, words.join(" "));
  } catch {
    // A browser that keeps nothing still shows every boat.
  }
}

function recall() {
  try {
    return (localStorage.getItem(remembered) || "").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

if (list) {
  list.replaceChildren(...sortByPrice(list.children));
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Which boat?";
  field.value = recall().join(" ");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(" ").filter(Boolean);
    remember(words);
    show(words);
  });
  list.before(field);
  show(recall());
}
"""
)
# One pixel, packed without loss.
IMAGE = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")

# id: (canonical address, title, what stands between the heading and the footer)
_PAGES = {
    "home": (
        "https://harbor.example/",
        "Harbor Market: second-hand boats, checked by sailors",
        "<p>Buy and sell small boats with people near you. A sailor from your harbor looks at"
        " every boat before it is listed.</p><p><a href='https://app.harbor.example/sign-up'>"
        "Open an account</a> or read <a href='/sell'>how selling works</a>.</p>"
        "<ul><li>Oak rowing boat, 1962: 940 euros</li><li>Dinghy with a new sail: 1,250 euros"
        "</li><li>Folding kayak for two: 480 euros</li></ul>",
    ),
    "sell": (
        "https://harbor.example/sell",
        "Sell your boat on Harbor Market",
        "<p>Send us four pictures. We ask a sailor near you to have a look. Your boat is on sale"
        " within a week, and you pay nothing until it is sold.</p>",
    ),
    "pricing": (
        "https://harbor.example/pricing",
        "What Harbor Market costs",
        "<p>Buyers pay nothing. Sellers pay 4 percent of the price once the money has come in.</p>",
    ),
    "app": (
        "https://app.harbor.example/",
        "Your harbor",
        "<p>Welcome aboard. <a href='/sign-in'>Sign in</a> to see your offers, or"
        " <a href='/sign-up'>open an account</a>.</p>",
    ),
    "sign-in": (
        "https://app.harbor.example/sign-in",
        "Sign in to Harbor Market",
        "<form method='post' action='/sign-in'><label>Email <input name='email' type='email'>"
        "</label><label>Password <input name='password' type='password'></label>"
        "<button>Sign in</button></form>",
    ),
    "sign-up": (
        "https://app.harbor.example/sign-up",
        "Open a Harbor Market account",
        "<form method='post' action='/sign-up'><label>Email <input name='email' type='email'>"
        "</label><button>Send me the link</button></form>",
    ),
    "welcome": (
        "https://app.harbor.example/welcome",
        "Welcome to the harbor",
        "<p>That worked. You can go on from here.</p>",
    ),
    "checkout": (
        "https://app.harbor.example/checkout",
        "Pay for your boat",
        "<p>Your basket is empty. Choose a boat first.</p>",
    ),
    "dashboard": (
        "https://app.harbor.example/dashboard",
        "Your offers",
        f"<p>Signed in as {CANARY}.</p><p>Two people asked for your oak rowing boat.</p>",
    ),
    "staff": (
        "https://admin.harbor.example/",
        "Harbor Market staff",
        "<p>This part is for the crew. Sign in to go on.</p>",
    ),
    "docs": (
        "https://docs.harbor.example/",
        "Harbor Market help",
        "<h2>Buying</h2><p>Ask the seller for a visit, then pay through us. We hold the money"
        " until you have the boat.</p><h2>Selling</h2><p>Answer within two days. Boats whose"
        " owners stay silent are taken off the list.</p>",
    ),
}


def page(id: str) -> bytes:
    """One page of the marketplace, as UTF-8 bytes."""
    canonical, title, body = _PAGES[id]
    return _document(title, f'<link rel="canonical" href="{canonical}">', body)


def _document(title: str, links: str, body: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>{links}"
        f'<link rel="stylesheet" href="{STYLE_PATH}">'
        f'<script defer src="{SCRIPT_PATH}"></script></head><body>'
        f'<img src="{IMAGE_PATH}" alt="" width="1" height="1"><h1>{escape(title)}</h1>{body}'
        "<footer>Harbor Market, Quay 4</footer></body></html>\n"
    ).encode()


NOT_FOUND_PAGE = _document(
    "This page has sailed", "", "<p>There is nothing at this address. <a href='/'>Home</a></p>"
)
CHALLENGE_PAGE = _document(
    "Checking your browser", "", "<p>One moment while we check that you are not a robot.</p>"
)
