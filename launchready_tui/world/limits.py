"""How long we wait and how much we accept. Checks set no limits of their own: these are all."""

from __future__ import annotations

# Seconds.
DNS_TRY = 3.0  # one question to one server, in two sends
DNS_SEND = 1.5  # before the same datagram is sent again: one lost packet proves nothing
CONNECT = 5.0
RESPONSE = 10.0  # one HTTP request, from connecting to the last byte of its answer
HANDSHAKE = 10.0  # connecting and shaking hands
KEYRING = 10.0  # the system's password store; it may be asking somebody to unlock it

# DNS.
CNAME_CHAIN = 16
RECORDS = 256  # of one answer that are kept
NAME_SERVERS = 13  # of one zone that are asked
SERVER_ADDRESSES = 16  # of these name servers together
REFERRALS = 4  # cuts between the zone we start at and the name
PARENT_SERVERS = 4  # addresses of the zone above that are asked for one referral
QUERIES_AT_ONCE = 64

# HTTP and TLS.
BODY = 2 * 1024 * 1024  # bytes
HEADER_BYTES = 64 * 1024
HEADERS = 100
REDIRECTS = 10
API_REDIRECTS = 3
COOKIES = 20  # carried along one chain of redirects
ADDRESSES = 8  # of one host that are tried
REQUESTS_PER_HOST = 3  # at once: the site is somebody's, and small
REQUESTS_A_SECOND = 2  # to one host, outside measured speed tests
START = 4 * 1024  # bytes that are kept of a file that is only weighed
WEIGHED = 600 * 1024  # bytes of it that are read where no header tells its size
HEAD = 512  # bytes of a file of which only the kind is wanted
SCRIPT = 10 * 1024 * 1024  # bytes of a file that is read to its end, packed and unpacked
FRONT_FILES = 200  # that one host's front page leads to
FRONT_BYTES = 50 * 1024 * 1024  # of them together, unpacked
FRONT_UNREAD = 3  # of them that gave no answer: we ask no more then
FRONT_SECONDS = 180.0  # for all of them: 200 files take 100 seconds at two a second
ROBOTS = 500 * 1024  # bytes of a robots.txt that count (RFC 9309 2.5)
ROBOTS_REDIRECTS = 5
REQUESTS_AT_ONCE = 32  # to all hosts together
CERTIFICATES = 10  # of one served chain
FETCHED_ISSUERS = 3  # certificates fetched to complete one chain
API_PAGES = 10  # of one list of an API

# Migrations that Squawk looks at, where it is installed.
SQL_FILE = 5.0  # seconds for one of them
SQL_FILES = 20.0  # seconds for all
SQL_ANSWER = 4 * 1024 * 1024  # bytes of one answer

# Test inboxes. Seconds, then bytes and counts.
MAIL_STEP = 60.0  # one look or one wait
MAIL_READ = 30.0  # one answer of the server
MAIL_LEAVE = 2.0  # signing out
MAIL_POLL = 5.0  # between two looks, where the server offers no IDLE
MAIL_BYTES = 1024 * 1024  # of one message
MAIL_MESSAGES = 50  # of one folder
MAIL_FOLDERS = 8  # that are looked into
MAIL_FOLDERS_LISTED = 500
