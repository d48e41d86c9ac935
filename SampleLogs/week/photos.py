"""The made traffic of one week at photos.example.com: who comes, when, what they ask for, and what is planted in it.

Every actor is a function that yields requests. An actor knows which rules its requests were made to trip and which rule was meant to stop them, and
says so with `plant`; `truth` counts these marks. Nothing in the truth comes from evaluating the rules.
"""

import collections
from urllib.parse import quote_plus

from traffic import (BINGBOT, BROWSERS, CHROME, CURL, DAY, GOOGLEBOT, HOUR, MINUTE, NAMELESS, NIKTO, PYTHON, SECOND, Client, Dice, Software,
                     time_of_day)

HOST = "photos.example.com"
START = 1773014400_000
"""2026-03-09T00:00:00Z, a Monday, in milliseconds since the epoch."""
DAYS = 7
END = START + DAYS * 24 * HOUR
WINDOW = 300 * SECOND

OLD_APP = Software("PhotoApp/1.4 (Android 12)")
NEW_APP = Software("PhotoApp/2.2 (iOS 18.3)")
PRINT_SHOP = Software("PrintShopSync/2.0", "HTTP/1.1")
BACKUP = Software("BackupJob/3.1", "HTTP/1.1")
PROBE = Software("Probe/1.0", "HTTP/1.1")
PLAIN = Software("Mozilla/5.0", "HTTP/1.1")
GO = Software("Go-http-client/1.1", "HTTP/1.1")
GATEWAY = "192.0.2.10"
"""The address behind which the whole office signs in, and looks around."""

CLIMBING, PROBES, LANGUAGE = "count-path-climbing", "count-config-probes", "count-no-language"
LARGE = "common-rules/SizeRestrictions_BODY"


def client(address, software, country=None):
    made = Client(address, software)
    block = int(made.address) >> (4 if made.address.version == 4 else 80)
    if country:
        made.country, made.region = country
    elif block % 10 < 6:
        made.country, made.region = "DE", ["BE", "BY", "NW"][block % 3]
    return made


class Sender:
    """Somebody who sends requests to the site. `kind` is who it is in the truth."""

    def __init__(self, kind, address, software, country=None):
        self.kind = kind
        self.client = client(address, software, country)
        self.has_language = software in BROWSERS or software is NEW_APP

    def send(self, time, method, target, body=b"", kind=None, cookie=None, referer=None, trips=(), stopped=None):
        """A request. `trips` are the rules in Count that it was made for, `stopped` the rule that was meant to end it."""
        extra = [("Accept-Language", "de-DE")] if self.client.software is NEW_APP else []
        made = self.client.request(time, method, target, body, kind, referer, cookie, extra, HOST)
        made.sender = self
        made.trips = set(trips)
        if not self.has_language:
            made.trips.add(LANGUAGE)
        if len(body) > 8192:
            made.trips.add(LARGE)
        made.stopped = stopped
        return made


class Addresses:
    """Addresses of people at home, each handed out once."""

    def __init__(self, dice):
        self.dice = dice
        self.free = [f"203.0.113.{n}" for n in range(1, 190)] + [f"198.51.100.{n}" for n in range(32, 128)]
        self.free += [f"192.0.2.{n}" for n in range(16, 240)]
        self.used = 0

    def take(self):
        self.used += 1
        if self.free and self.dice.chance(45):
            return self.free.pop(self.dice.below(len(self.free)))
        return f"2001:db8:1{self.used:03x}:{self.dice.hex(1)}::{self.dice.hex(2)}"


def moment(dice, day):
    return time_of_day(dice) - DAY + START + day * 24 * HOUR


def some_days(dice, count):
    days = list(range(DAYS))
    return sorted(days.pop(dice.below(len(days))) for _ in range(count))


# Honest actors

NAMES = ["beach.jpg", "sunset.jpg", "IMG_2031.jpg", "IMG_2032.jpg", "birthday.png", "garden.jpeg", "family-2025.jpg", "lake.webp", "cat.jpg"]
DOTTED = ["holiday..jpg", "IMG_2031..jpg", "beach..png", "grandma..jpeg", "wedding..final.jpg"]
"""File names of honest people, with two dots: what trips count-path-climbing."""
SIZES = [2400, 5200, 7900, 8150, 8193, 9600, 24_000, 60_000]
BODIES = {size: b"." * size for size in SIZES}
TAGS = ["beach", "cats", "mountains", "old-town", "weddings", "winter"]
SEARCHES = ["sunset", "cat", "old bridge", "berlin 2019", "weihnachten", "black and white", "lake constance", "100 days"]


def visitors(dice, addresses):
    for number in range(820):
        sender = Sender("visitor", addresses.take(), dice.pick(BROWSERS[:5] + [CHROME] * 2))
        days = some_days(dice, dice.pick([1, 1, 2, 2, 3, 4]))
        unlucky = dice.pick(days) if number % 11 == 5 else None
        for day in days:
            yield from visit(dice, sender, moment(dice, day), day == unlucky)


def visit(dice, sender, time, is_unlucky):
    """One browser session. The unlucky upload a picture whose name has two dots, once or twice."""
    cookie = f"sid={dice.hex(10)}"
    page = "/"
    for place in range(dice.between(2, 8)):
        yield sender.send(time, "GET", page, cookie=cookie if place else None)
        if place == 0:
            for asset in ["/static/site.css?v=9", "/static/site.js?v=9"]:
                yield sender.send(time + dice.between(60, 900), "GET", asset, referer=f"https://{HOST}/", cookie=cookie)
        elif dice.chance(40):
            later = time + dice.between(60, 900)
            yield sender.send(later, "GET", f"/thumb/{dice.between(1000, 1400)}", referer=f"https://{HOST}{page}", cookie=cookie)
        page = next_page(dice)
        time += dice.between(4, 60) * SECOND + dice.below(SECOND)
    if is_unlucky or dice.chance(16):
        yield from sign_in(dice, sender, time, cookie)
        yield from upload(dice, sender, time + 3 * MINUTE, cookie, is_unlucky)


def next_page(dice):
    roll = dice.below(100)
    if roll < 45:
        return f"/photos/{dice.between(1000, 1400)}"
    if roll < 70:
        return f"/album/{dice.between(10, 60)}?page={dice.between(1, 4)}"
    if roll < 90:
        return f"/tag/{dice.pick(TAGS)}"
    return "/search?q=" + quote_plus(dice.pick(SEARCHES))


def sign_in(dice, sender, time, cookie):
    yield sender.send(time, "GET", "/login", cookie=cookie)
    for _ in range(dice.pick([1, 1, 1, 1, 2, 3, 5])):
        time += dice.between(6, 25) * SECOND
        yield sender.send(time, "POST", "/login", credentials(dice), cookie=cookie, referer=f"https://{HOST}/login")


def credentials(dice):
    return b"user=" + dice.hex(8).encode() + b"%40example.com&password=" + dice.hex(8).encode()


def upload(dice, sender, time, cookie, is_unlucky):
    album = dice.between(10_000, 10_400)
    names = [dice.pick(NAMES) for _ in range(dice.between(1, 3))]
    if is_unlucky:
        names += [dice.pick(DOTTED) for _ in range(dice.pick([1, 1, 2]))]
    for name in names:
        yield sender.send(time, "PUT", f"/upload/{album}/{name}", BODIES[dice.pick(SIZES)], "image/jpeg", cookie, f"https://{HOST}/album/{album}",
                          trips=[CLIMBING] if name in DOTTED else [])
        time += dice.between(5, 30) * SECOND


def apps(dice, addresses):
    """People with the app. The old one sends no Accept-Language."""
    for software, kind, count, visits in [(OLD_APP, "old app", 150, [2, 3, 4]), (NEW_APP, "new app", 160, [1, 2, 3])]:
        for _ in range(count):
            sender = Sender(kind, addresses.take(), software)
            for day in some_days(dice, dice.pick(visits)):
                time = moment(dice, day)
                for _ in range(dice.between(2, 8)):
                    target = dice.pick([f"/api/v1/photos/{dice.between(1000, 1400)}", f"/api/v1/albums/{dice.between(10, 60)}", "/api/v1/feed"])
                    yield sender.send(time, "GET", target)
                    time += dice.between(1, 20) * SECOND + dice.below(SECOND)


def office(dice, addresses):
    for day in range(5):
        # Everybody signs in when work begins, behind one address.
        for number in range(22):
            sender = Sender("office", GATEWAY, BROWSERS[number % 3], ("DE", "BE"))
            time = START + day * 24 * HOUR + 8 * HOUR + number * 12 * SECOND + dice.below(6 * SECOND)
            cookie = f"staff={dice.hex(6)}"
            yield sender.send(time, "POST", "/login", credentials(dice), cookie=cookie)
            # What looks in every morning is no flood: the page with what is new, and an album.
            yield sender.send(time + 2 * SECOND, "GET", "/", cookie=cookie)
            yield sender.send(time + 40 * SECOND, "GET", f"/album/{10 + number}?page=1", cookie=cookie)
        for _ in range(20):
            address = f"2001:db8:f00:{dice.hex(1)}::{dice.hex(1)}" if dice.chance(30) else f"192.0.2.{dice.between(1, 9)}"
            sender = Sender("office", address, dice.pick(BROWSERS[:3]), ("DE", "BE"))
            time, cookie = START + day * 24 * HOUR + dice.between(8, 16) * HOUR + dice.below(HOUR), f"staff={dice.hex(6)}"
            for _ in range(dice.between(3, 10)):
                yield sender.send(time, "GET", dice.pick(["/admin/", "/admin/reports", "/admin/albums?state=new", "/"]), cookie=cookie)
                time += dice.between(3, 90) * SECOND
    for day in range(DAYS):
        sender = Sender("office backup", "192.0.2.12", BACKUP, ("DE", "BE"))
        for number in range(30):
            yield sender.send(START + day * 24 * HOUR + HOUR + number * 9 * SECOND + dice.below(SECOND), "GET", f"/api/v1/export/{number + 10}")


def machines(dice, addresses):
    """Health checks, the partner that prints, and search engines: all without Accept-Language."""
    for number in range(DAYS * 24 * 12):
        sender = Sender("monitoring", f"192.0.2.{250 + number % 2}", PROBE, ("DE", "BE"))
        yield sender.send(START + number * 5 * MINUTE + dice.below(400), "GET", "/healthz")
    for number in range(DAYS * 24 * 3):
        sender = Sender("partner", f"198.51.100.{16 + number % 4}", PRINT_SHOP)
        yield sender.send(START + number * 20 * MINUTE + dice.below(2000), "GET", f"/api/v1/orders?since={(START // SECOND) + number * 1200}")
    for software, count, low in [(GOOGLEBOT, 900, 128), (BINGBOT, 420, 136)]:
        for _ in range(count):
            sender = Sender("search engine", f"198.51.100.{low + dice.below(6)}", software, ("US", "OR"))
            target = dice.pick([f"/photos/{dice.between(1000, 1400)}", f"/tag/{dice.pick(TAGS)}", f"/album/{dice.between(10, 60)}", "/robots.txt"])
            yield sender.send(START + dice.below(DAYS * 24 * HOUR), "GET", target)


# Troublemakers

def login_flood(dice, addresses):
    """Two that try passwords: one about every second, one every two and a half. The limit of the rule sees only the first."""
    for address, software, start, count, gap in [
        ("203.0.113.229", PYTHON, 2 * 24 * HOUR + 14 * HOUR + 20 * MINUTE, 1400, 800),
        ("2001:db8:66::1f", GO, 4 * 24 * HOUR + 21 * HOUR + 5 * MINUTE, 700, 2300),
    ]:
        sender, time = Sender("flood", address, software, ("US", "OR")), START + start
        for _ in range(count):
            yield sender.send(time, "POST", "/login", credentials(dice))
            time += gap + dice.below(gap // 4)


WORDPRESS = ["/wp-login.php", "/wp-admin/setup-config.php", "/wp-content/plugins/x/readme.txt", "/WP-login.php", "/wp-json/wp/v2/users"]
ADMIN = ["/admin/", "/%61dmin/login", "/admin/config.php"]
FILES = ["/.env", "/.git/config", "/.aws/credentials", "/backup.sql", "/index.php.bak", "/config.json", "/%2egit/HEAD", "/site.old", "/.svn/entries"]
GUESSES = ["/server-status", "/phpmyadmin/", "/cgi-bin/luci", "/actuator/health", "/login.action", "/solr/", "/console", "/v1/agent/self"]
FOLDERS = ["", "/old", "/new", "/test", "/dev", "/static", "/api", "/photos"]


def scan(dice, sender, time, count, gap, shares, stopped=None):
    """Walks a list of paths. `shares` says how many in a hundred are WordPress, the back office and files; the rest are guesses."""
    for _ in range(count):
        roll = dice.below(100)
        if roll < shares[0]:
            yield sender.send(time, "GET", dice.pick(WORDPRESS), stopped=stopped or "block-wordpress")
        elif roll < shares[0] + shares[1]:
            yield sender.send(time, "GET", dice.pick(ADMIN), stopped=stopped or "block-admin")
        elif roll < sum(shares):
            path = dice.pick(FILES)
            folder = "" if path.startswith(("/.", "/%", "/config")) else dice.pick(FOLDERS)
            yield sender.send(time, "GET", folder + path, trips=[PROBES], stopped=stopped)
        else:
            yield sender.send(time, "GET", dice.pick(FOLDERS) + dice.pick(GUESSES), stopped=stopped)
        time += gap + dice.below(gap)


def scanners(dice, addresses):
    named = Sender("scanner", "203.0.113.226", NIKTO, ("NL", "NH"))
    yield from scan(dice, named, START + 24 * HOUR + 4 * HOUR + 31 * MINUTE, 600, 300, (20, 10, 30), "block-scanner-agents")
    nameless = Sender("scanner", "203.0.113.233", PLAIN, ("NL", "NH"))
    yield from scan(dice, nameless, START + 3 * 24 * HOUR + 2 * HOUR + 10 * MINUTE, 1100, 230, (20, 10, 25))


def probers(dice, addresses):
    """Ask for files that should not be there, on several days, and for little else."""
    for address, software, day, count in [
        ("203.0.113.231", PYTHON, 0, 120), ("203.0.113.231", PYTHON, 4, 90), ("2001:db8:66::71", CURL, 1, 110), ("198.51.100.241", GO, 5, 140),
        ("203.0.113.235", PYTHON, 6, 60),
    ]:
        sender = Sender("prober", address, software, ("US", "OR"))
        yield from scan(dice, sender, START + day * 24 * HOUR + dice.between(1, 20) * HOUR, count, 1700, (38, 6, 52))


CLIMBS = ["/static/..%2f..%2f..%2fetc%2fpasswd", "/photos/..;/manager/html", "/thumb/%2e%2e%2f%2e%2e%2fetc%2fshadow", "/album/..%5c..%5cboot.ini%00",
          "/download?file=....//....//etc/passwd", "/download?file=..%2f..%2fetc%2fhosts", "/static?name=..%5cweb.config"]


def climbers(dice, addresses):
    """Path traversal by tools, everywhere but on the upload path. What the managed group knows is stopped already."""
    for address, software, day, count in [("198.51.100.244", CURL, 1, 150), ("203.0.113.238", PYTHON, 3, 130), ("2001:db8:66::c1", GO, 6, 90)]:
        sender, time = Sender("climber", address, software, ("US", "OR")), START + day * 24 * HOUR + dice.between(9, 20) * HOUR
        for number in range(count):
            yield sender.send(time, "GET", dice.pick(CLIMBS), trips=[CLIMBING])
            if number % 6 == 0:
                yield sender.send(time + 400, "GET", "/images/" + "../" * (2 + number % 4) + "etc/passwd", trips=[CLIMBING], stopped="common-rules")
            if number % 5 == 0:
                yield sender.send(time + 700, "GET", dice.pick(WORDPRESS), stopped="block-wordpress")
            time += dice.between(2, 9) * SECOND


def others(dice, addresses):
    """A copier of the whole site, a false search engine, denied addresses, and requests without user agent."""
    sender, time = Sender("copier", "198.51.100.215", BROWSERS[1], ("SE", "AB")), START + 2 * 24 * HOUR + 11 * HOUR + 40 * MINUTE
    for number in range(1300):
        yield sender.send(time, "GET", f"/photos/{1000 + number % 401}" if number % 3 else f"/thumb/{1000 + number % 401}")
        time += 160 + dice.below(60)
    sender = Sender("false search engine", "198.51.100.221", GOOGLEBOT, ("US", "OR"))
    for number in range(80):
        time = START + 5 * 24 * HOUR + 5 * HOUR + number * 4 * SECOND + dice.below(SECOND)
        yield sender.send(time, "GET", f"/photos/{1000 + number}", stopped="bot-control")
    for number in range(60):
        sender = Sender("denied", f"203.0.113.{192 + number % 16}", dice.pick(BROWSERS[:5]))
        yield sender.send(moment(dice, dice.below(DAYS)), "GET", next_page(dice), stopped="block-denylist")
    for number in range(45):
        yield Sender("no agent", f"198.51.100.{245 + number % 4}", NAMELESS).send(moment(dice, dice.below(DAYS)), "GET", "/", stopped="common-rules")


ACTORS = [visitors, apps, office, machines, login_flood, scanners, probers, climbers, others]
HONEST = {"visitor", "old app", "new app", "office", "office backup", "monitoring", "partner", "search engine"}


def week(seed):
    """All requests of the week in order of time; equal times keep the order of the actors. Late sessions are cut at the end."""
    dice = Dice(seed)
    addresses = Addresses(dice)
    requests = [request for actor in ACTORS for request in actor(dice, addresses) if request.time < END]
    return sorted(requests, key=lambda request: request.time)


# The truth

COUNT_RULES = [
    (CLIMBING, "scope-down", "honest file names with two dots on the upload path, real climbers everywhere else"),
    (PROBES, "promote", "a few tools that ask for files no site should serve"),
    (LANGUAGE, "keep", "the old app, the office's backup, health checks, a partner and search engines send no Accept-Language either"),
    (LARGE, "keep", "every upload over 8 KiB"),
]
STOPS_BEFORE = {
    CLIMBING: {"block-denylist", "bot-control", "block-scanner-agents", "block-wordpress", "block-admin"},
    PROBES: {"block-denylist", "bot-control", "block-scanner-agents", "block-wordpress", "block-admin"},
    LANGUAGE: {"block-denylist", "bot-control", "block-scanner-agents", "block-wordpress", "block-admin"},
    LARGE: {"block-denylist", "bot-control", "block-scanner-agents", "block-wordpress", "block-admin", "common-rules"},
}
"""The rules that can end a request before the rule in Count sees it."""


def truth(requests):
    return {
        "requests": len(requests),
        "clients": len({request.client.address for request in requests}),
        "countRules": [count_rule(requests, *each) for each in COUNT_RULES] + [office_label(requests), no_trace()],
        "loginFlood": flood_truth(requests),
        "scanners": [scanner_truth(requests, address) for address in ("203.0.113.226", "203.0.113.233")],
        "dead": [{"rule": "block-old-gallery", "action": "BLOCK"}, {"rule": "count-trace", "action": "COUNT"}],
        "shadowed": [{"rule": "block-wordpress-login", "by": "block-wordpress"}],
    }


def count_rule(requests, name, right, why):
    met = [request for request in requests if name in request.trips and request.stopped not in STOPS_BEFORE[name]]
    return {
        "rule": name,
        "right": right,
        "why": why,
        "matched": figures(met),
        "stoppedAnyway": len([request for request in met if request.stopped]),
        "honest": figures([request for request in met if request.sender.kind in HONEST]),
        "others": figures([request for request in met if request.sender.kind not in HONEST]),
        "senders": dict(sorted(collections.Counter(request.sender.kind for request in met).items())),
    }


def office_label(requests):
    met = [request for request in requests if request.sender.kind in ("office", "office backup")]
    return {
        "rule": "label-office", "right": "keep", "why": "it only labels; other rules read the label", "matched": figures(met), "stoppedAnyway": 0,
        "honest": figures(met), "others": figures([]), "senders": dict(sorted(collections.Counter(request.sender.kind for request in met).items())),
    }


def no_trace():
    return {"rule": "count-trace", "right": "no-data", "why": "nobody uses the method", "matched": figures([]), "stoppedAnyway": 0,
            "honest": figures([]), "others": figures([]), "senders": {}}


def figures(requests):
    return {
        "requests": len(requests),
        "clients": len({request.client.address for request in requests}),
        "days": len({(request.time - START) // (24 * HOUR) for request in requests}),
    }


def flood_truth(requests):
    """Sign-ins by client, and the most that each had in five minutes (half open, as the exact model counts)."""
    times, kinds = collections.defaultdict(list), {}
    for request in requests:
        if request.method == "POST" and request.path == "/login" and request.stopped is None:
            times[str(request.client.address)].append(request.time)
            kinds[str(request.client.address)] = request.sender.kind
    peaks = {address: peak(each) for address, each in times.items()}
    honest = [address for address in times if kinds[address] in HONEST and address != GATEWAY]
    return {
        "rule": "count-login-rate",
        "window": WINDOW // SECOND,
        "limit": 200,
        "floods": [{"client": address, "requests": len(times[address]), "peak": peaks[address]} for address in times if kinds[address] == "flood"],
        "office": {"client": GATEWAY, "requests": len(times[GATEWAY]), "peak": peaks[GATEWAY]},
        "others": {
            "clients": len(honest),
            "requests": sum(len(times[address]) for address in honest),
            "peak": max(peaks[address] for address in honest),
        },
    }


def peak(times):
    most, first = 0, 0
    for last, time in enumerate(times):
        while times[first] <= time - WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def scanner_truth(requests, address):
    own = [request for request in requests if str(request.client.address) == address]
    return {
        "client": address,
        "agent": own[0].client.software.agent,
        "requests": len(own),
        "paths": len({request.path for request in own}),
        "stoppedBy": dict(sorted(collections.Counter(request.stopped for request in own if request.stopped).items())),
    }
