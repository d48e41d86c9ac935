"""The made traffic of one day at shop.example.com: who comes, when, and what they ask for.

Every actor is a function that yields requests; `day` merges them by time. All randomness comes from one seeded `Dice`, whose only source is
`random.Random.random`, the one method that Python promises to keep stable between versions.
"""

import hashlib
import ipaddress
import json
import random
from urllib.parse import quote, quote_plus

from webacl import Request

HOST = "shop.example.com"
DAY = 1772496000_000
"""2026-03-03T00:00:00Z, a Tuesday, in milliseconds since the epoch."""
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


class Dice:
    def __init__(self, seed):
        self.source = random.Random(seed)

    def below(self, limit):
        return int(self.source.random() * limit)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.source.random() * 100 < percent

    def hex(self, digits):
        return "".join(self.pick("0123456789abcdef") for _ in range(digits))


class Software:
    """A kind of client: how it names itself and how it shakes hands."""

    def __init__(self, agent, version="HTTP/2.0", ja4=None):
        self.agent = agent
        self.version = version
        seed = agent.split("/")[0] + version
        self.ja3 = hashlib.md5(seed.encode()).hexdigest()
        digest = hashlib.sha256(seed.encode()).hexdigest()
        self.ja4 = ja4 or f"t13d{'1516h2' if version == 'HTTP/2.0' else '3112h1'}_{digest[:12]}_{digest[12:24]}"


CHROME = Software("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36")
BROWSERS = [
    CHROME,
    Software("Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0"),
    Software("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15"),
    Software("Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) "
             "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1"),
    Software("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Mobile Safari/537.36"),
    Software("Mozilla/5.0 (Windows NT 10.0; Win64; x64; Trident/7.0; rv:11.0) like Gecko", "HTTP/1.1"),
]
OLD_APP = Software("ShopApp/1.9 (Android 13)")
NEW_APP = Software("ShopApp/2.4 (iOS 18.3)")
PARTNER_SYNC = Software("PartnerSync/2.3", "HTTP/1.1")
PROBE = Software("Probe/1.0", "HTTP/1.1")
GOOGLEBOT = Software("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
BINGBOT = Software("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)")
TOOL_HANDSHAKE = "t13d1812h1_85036bcba153_d41ae481755e"
PYTHON = Software("python-requests/2.32.3", "HTTP/1.1", TOOL_HANDSHAKE)
CURL = Software("curl/8.12.1", "HTTP/1.1")
WGET = Software("Wget/1.25.0", "HTTP/1.1")
NIKTO = Software("Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)", "HTTP/1.1")
SQLMAP = Software("sqlmap/1.9#stable (https://sqlmap.org)", "HTTP/1.1", TOOL_HANDSHAKE)
NAMELESS = Software("", "HTTP/1.1")

COUNTRIES = [
    ("DE", "BE"), ("DE", "BY"), ("FR", "IDF"), ("NL", "NH"), ("AT", "9"), ("CH", "ZH"), ("GB", "ENG"), ("US", "OR"),
    ("JP", "13"), ("BE", "BRU"), ("IT", "25"), ("ES", "MD"), ("AR", "B"), ("NZ", "AUK"), ("PL", "14"), ("SE", "AB"),
]
HOSTING = {"198.51.100.208/28": 64496, "203.0.113.224/28": 64497, "198.51.100.240/28": 64500}


class Client:
    """An address with a piece of software behind it. Country and network number follow from the address."""

    def __init__(self, address, software):
        self.address = ipaddress.ip_address(address)
        self.software = software
        self.ja3, self.ja4 = software.ja3, software.ja4
        block = int(self.address) >> (4 if self.address.version == 4 else 80)
        self.country, self.region = COUNTRIES[block % len(COUNTRIES)]
        if self.address in ipaddress.ip_network("192.0.2.0/28"):
            self.country, self.region = "DE", "BE"
        hosted = [asn for text, asn in HOSTING.items() if self.address in ipaddress.ip_network(text)]
        self.asn = hosted[0] if hosted else 64510 + block % 7

    def request(self, time, method, target, body=b"", kind=None, referer=None, cookie=None, extra=(), host=HOST, attack=None, token=None):
        """A request with the headers this software sends, in its order."""
        software = self.software
        path, _, query = target.partition("?")
        headers = [("Host", host)]
        if software.agent:
            headers.append(("User-Agent", software.agent))
        if software in BROWSERS:
            asset = path.startswith("/static/")
            headers.append(("Accept", "*/*" if asset else "text/html,application/xhtml+xml,*/*;q=0.8"))
            headers.append(("Accept-Language", LANGUAGES.get(self.country, "en-GB,en;q=0.8")))
            headers.append(("Accept-Encoding", "gzip, deflate, br"))
        else:
            headers.append(("Accept", "*/*"))
        headers += extra
        if referer:
            headers.append(("Referer", referer))
        if cookie:
            headers.append(("Cookie", cookie))
        if body:
            headers.append(("Content-Type", kind or "application/x-www-form-urlencoded"))
            headers.append(("Content-Length", str(len(body))))
        if software.version == "HTTP/2.0":
            headers = [(name.lower(), value) for name, value in headers]
        made = Request(time, self, method, path, query, headers, body, attack, token)
        made.version = software.version
        made.host = host
        return made


LANGUAGES = {
    "DE": "de-DE,de;q=0.9,en;q=0.7",
    "AT": "de-AT,de;q=0.9",
    "CH": "de-CH,fr;q=0.8",
    "FR": "fr-FR,fr;q=0.9",
    "JP": "ja,en;q=0.6",
    "AR": "es-AR,es;q=0.9",
}
CATALOG = {
    "lighting": ["brass.envelope-lamp", "paper-lantern", "desk-lamp-oslo", "floor-lamp-arc", "candle-holder", "string-lights",
                 "reading-lamp", "wall-light-moon"],
    "kitchen": ["carafe", "bread-board", "copper-pan", "spice-rack", "tea-towel", "wine-glasses", "salad-bowl", "pepper-mill"],
    "textiles": ["wool-blanket", "linen-curtain", "cushion-union-jack", "bath-towel", "door-mat", "duvet-cover"],
    "garden": ["watering-can", "herb-planter", "bird-house", "folding-chair", "rain-gauge"],
    "gifts": ["gift-card", "puzzle-1000", "diary-2026", "scented-candle", "music-box"],
}
CATEGORY_WEIGHTS = ["lighting"] * 5 + ["kitchen"] * 4 + ["textiles"] * 3 + ["garden"] + ["gifts"] * 2
SEARCHES = [
    "lamp", "brass lamp", "wool blanket", "carafe", "birthday gift", "blue cushion", "wine glasses", "table", "curtain 140 x 245",
    "o'neill diary", "salt & pepper", "bestellung verfolgen", "käsemesser", "lampe de bureau", "照明", "100% linen",
    "rock and roll poster", "returns",
]
UNLUCKY_SEARCHES = ["select wines from france", "Select gifts from Japan", "union jack select cushions", "drop table leaf hinge"]
"""Honest searches that the shop's rule block-sql-words takes for SQL."""
HOURS = [2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 12, 11, 10, 10, 11, 12, 14, 16, 17, 14, 9, 5]
"""How busy each hour is, as a share of their sum."""


def time_of_day(dice):
    place = dice.below(sum(HOURS))
    for hour, weight in enumerate(HOURS):
        if place < weight:
            return DAY + hour * HOUR + dice.below(HOUR)
        place -= weight


def visitor_address(dice):
    if dice.chance(18):
        return f"2001:db8:1{dice.hex(3)}:{dice.hex(2)}::{dice.hex(4)}"
    network = dice.pick(["203.0.113.", "203.0.113.", "198.51.100.", "192.0.2."])
    low, high = {"203.0.113.": (1, 190), "198.51.100.": (32, 127), "192.0.2.": (16, 239)}[network]
    return network + str(dice.between(low, high))


# Honest actors

def visitors(dice):
    for _ in range(1480):
        client = Client(visitor_address(dice), dice.pick(BROWSERS[:5] + [CHROME] * 2 + BROWSERS[5:] * dice.chance(20)))
        yield from visit(dice, client, time_of_day(dice))


def visit(dice, client, time):
    """One browser session: pages with their assets, now and then a purchase or a new account."""
    cookie = f"sid={dice.hex(12)}; theme={dice.pick(['light', 'dark'])}"
    page, fresh = "/", True
    referer = dice.pick([None, None, "https://www.google.com/", "https://news.example.org/gift-guide"])
    for _ in range(dice.between(2, 9)):
        yield client.request(time, "GET", page, referer=referer, cookie=None if fresh else cookie)
        if fresh:
            for asset in ["/static/shop.css?v=31", "/static/shop.js?v=31", "/static/logo.svg"]:
                yield client.request(time + dice.between(60, 900), "GET", asset, referer=f"https://{HOST}{page}", cookie=cookie)
            fresh = False
        elif dice.chance(45):
            yield client.request(time + dice.between(60, 900), "GET", f"/static/images/{dice.pick(CATALOG[dice.pick(CATEGORY_WEIGHTS)])}.webp",
                                 referer=f"https://{HOST}{page}", cookie=cookie)
        referer = f"https://{HOST}{page}"
        page = next_page(dice)
        time += dice.between(4, 70) * SECOND + dice.below(SECOND)
    if dice.chance(14):
        yield from sign_in(dice, client, time, cookie)
    if dice.chance(4):
        yield from sign_up(dice, client, time, cookie)
    if dice.chance(16):
        yield from purchase(dice, client, time + 20 * SECOND, cookie)
    if dice.chance(4):
        yield from review(dice, client, time + 40 * SECOND, cookie)


def next_page(dice):
    category = dice.pick(CATEGORY_WEIGHTS)
    roll = dice.below(100)
    if roll < 48:
        items = CATALOG[category]
        item = items[0] if category == "lighting" and dice.chance(2) else items[1 + dice.below(len(items) - 1)]
        return f"/catalog/{category}/{item}"
    if roll < 70:
        return f"/catalog/{category}?page={dice.between(1, 6)}&sort={dice.pick(['price', 'name', 'new'])}"
    if roll < 92:
        return "/search?q=" + quote_plus(dice.pick(UNLUCKY_SEARCHES) if dice.chance(1) else dice.pick(SEARCHES), safe="'")
    return dice.pick(["/cart", "/contact", "/delivery?to=" + dice.pick(["home", "shop"]), "/account/orders", "/"])


def sign_in(dice, client, time, cookie):
    body = b"user=" + dice.hex(8).encode() + b"%40example.com&password=" + dice.hex(12).encode()
    yield client.request(time, "GET", "/account/login", cookie=cookie)
    for _ in range(dice.pick([1, 1, 1, 2, 3])):
        time += dice.between(5, 25) * SECOND
        yield client.request(time, "POST", "/account/login", body, referer=f"https://{HOST}/account/login", cookie=cookie)


def sign_up(dice, client, time, cookie):
    """The first attempt has no token and gets the puzzle; most solve it and come back with one."""
    body = b"user=" + dice.hex(10).encode() + b"%40example.com&password=" + dice.hex(12).encode() + b"&terms=yes"
    page = f"https://{HOST}/account/register"
    yield client.request(time, "GET", "/account/register", cookie=cookie)
    time += dice.between(20, 60) * SECOND
    yield client.request(time, "POST", "/account/register", body, referer=page, cookie=cookie)
    if dice.chance(80):
        time += dice.between(10, 30) * SECOND
        yield client.request(time, "POST", "/account/register", body, referer=page, cookie=f"{cookie}; aws-waf-token={dice.hex(8)}-example",
                             token={"captcha": time // SECOND - 2})


def purchase(dice, client, time, cookie):
    cart = {"item": dice.pick(CATALOG[dice.pick(CATEGORY_WEIGHTS)]), "quantity": str(dice.between(1, 3))}
    if dice.chance(12):
        cart["coupon"] = dice.pick(["SPRING26", "TEST10", "WELCOME"])
    yield client.request(time, "POST", "/api/v1/cart", json.dumps(cart).encode(), "application/json", f"https://{HOST}/cart", cookie)
    time += dice.between(8, 30) * SECOND
    yield client.request(time, "GET", "/checkout/address", referer=f"https://{HOST}/cart", cookie=cookie)
    time += dice.between(15, 60) * SECOND
    body = b"name=A.+Customer&street=" + dice.hex(8).encode() + b"&payment=invoice"
    page = f"https://{HOST}/checkout/address"
    yield client.request(time, "POST", "/checkout/payment", body, referer=page, cookie=cookie)
    if client.country in ("AR", "NZ"):
        # The page runs the challenge in the background and repeats the request.
        time += dice.between(2, 5) * SECOND
        yield client.request(time, "POST", "/checkout/payment", body, referer=page, cookie=f"{cookie}; aws-waf-token={dice.hex(8)}-example",
                             token={"challenge": time // SECOND - 1})
    yield client.request(time + 2 * SECOND, "GET", "/checkout/thanks", referer=page, cookie=cookie)


def review(dice, client, time, cookie):
    body = b"--x\r\nContent-Disposition: form-data; name=photo\r\n\r\n" + b"." * dice.pick([900, 3000, 7000, 8100, 9500, 16000])
    yield client.request(time, "POST", "/account/reviews/upload", body, "multipart/form-data; boundary=x", f"https://{HOST}/account/orders", cookie)


def app_users(dice):
    for _ in range(230):
        client = Client(visitor_address(dice), OLD_APP if dice.chance(15) else NEW_APP)
        time = time_of_day(dice)
        for _ in range(dice.between(2, 8)):
            yield client.request(time, "GET", f"/api/v1/catalog/{dice.pick(CATEGORY_WEIGHTS)}?offset={dice.between(0, 5) * 20}")
            time += dice.between(1, 20) * SECOND + dice.below(SECOND)
        if dice.chance(10):
            yield client.request(time, "GET", "/api/v0/catalog")


def office(dice):
    for _ in range(48):
        address = f"2001:db8:f00:{dice.hex(1)}::{dice.hex(3)}" if dice.chance(35) else f"192.0.2.{dice.between(1, 14)}"
        client = Client(address, dice.pick(BROWSERS[:3]))
        time = DAY + dice.between(7, 16) * HOUR + dice.below(HOUR)
        for _ in range(dice.between(4, 14)):
            page = dice.pick(["/admin/", "/admin/orders", "/admin/orders?status=open", "/admin/stock", "/backoffice/returns", "/admin/Orders", "/"])
            yield client.request(time, "GET", page, cookie=f"staff={dice.hex(8)}")
            time += dice.between(3, 90) * SECOND


def partner(dice):
    """Every two minutes a stock feed; some calls arrive through the partner's proxy for its own customers."""
    for number in range(720):
        client = Client(f"198.51.100.{16 + number % 4}", PARTNER_SYNC)
        time = DAY + number * 2 * MINUTE + dice.below(2 * SECOND)
        extra = [] if dice.chance(3) else [("X-Api-Key", "example-partner-key")]
        if number % 3 == 0:
            behind = "203.0.113.200" if dice.chance(4) else visitor_address(dice)
            extra.append(("X-Forwarded-For", behind + ", 198.51.100.20"))
        yield client.request(time, "GET", f"/api/v1/partner/stock?since={(time - 2 * MINUTE) // SECOND}", extra=extra)


def monitoring(dice):
    for minute in range(1440):
        client = Client(f"192.0.2.{250 + minute % 2}", PROBE)
        yield client.request(DAY + minute * MINUTE + dice.between(0, 400), "GET", "/healthz")


def crawlers(dice):
    for software, count, low in [(GOOGLEBOT, 950, 128), (BINGBOT, 520, 136)]:
        for _ in range(count):
            client = Client(f"198.51.100.{low + dice.below(6)}", software)
            category = dice.pick(CATEGORY_WEIGHTS)
            page = dice.pick([f"/catalog/{category}", f"/catalog/{category}/{dice.pick(CATALOG[category][1:])}", "/robots.txt", "/sitemap.xml"])
            yield client.request(DAY + dice.below(24 * HOUR), "GET", page)
    # Not a crawler: the name without the address.
    client = Client("198.51.100.221", GOOGLEBOT)
    for number in range(140):
        time = DAY + 5 * HOUR + number * 4 * SECOND + dice.below(SECOND)
        yield client.request(time, "GET", f"/catalog/{dice.pick(CATEGORY_WEIGHTS)}?page={number % 9 + 1}")


# Troublemakers

def flood(dice, address, start, count, gap, software=CHROME):
    """Sign-in attempts at a steady pace."""
    client = Client(address, software)
    time = DAY + start
    for _ in range(count):
        body = b"user=" + dice.hex(8).encode() + b"%40example.com&password=" + dice.hex(8).encode()
        yield client.request(time, "POST", "/account/login", body)
        time += gap + dice.below(gap // 4)


def login_floods(dice):
    yield from flood(dice, "203.0.113.229", 14 * HOUR + 20 * MINUTE, 640, 450)
    yield from flood(dice, "2001:db8:66::1f", 21 * HOUR + 5 * MINUTE, 260, 900)
    # Patient: 40 in five minutes never reach the limit of 60.
    yield from flood(dice, "198.51.100.243", 2 * HOUR, 420, 7 * SECOND)


def price_robot(dice):
    """Asks the search page every 1.5 seconds for twenty minutes."""
    client, time = Client("198.51.100.210", PYTHON), DAY + 3 * HOUR + 10 * MINUTE
    for number in range(780):
        yield client.request(time, "GET", f"/search?q={quote_plus(SEARCHES[number % 10])}&page={number // 10 + 1}")
        time += 1400 + dice.below(300)


def mirror(dice):
    """Copies the whole site, six requests a second."""
    client, time = Client("198.51.100.215", WGET), DAY + 11 * HOUR + 40 * MINUTE
    for _ in range(1250):
        category = dice.pick(list(CATALOG))
        page, image = f"/catalog/{category}/{dice.pick(CATALOG[category][1:])}", f"/static/images/{dice.pick(CATALOG[category])}.webp"
        yield client.request(time, "GET", dice.pick([page, image]))
        time += 140 + dice.below(50)


PROBES = [
    "/.env", "/.git/config", "/wp-login.php", "/wp-admin/setup-config.php", "/phpmyadmin/index.php", "/PMA/", "/cgi-bin/luci",
    "/backup.sql", "/index.php.bak", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/actuator/health",
    "/solr/admin/info/system", "/%2egit/HEAD", "//wp-login.php", "/static/%2e%2e/.env", "/admin/", "/admin/config.php",
    "/%61dmin/login", "/server-status", "/login.action", "/debug.log", "/web.ini", "/robots.txt",
]


def scanners(dice):
    time = DAY + 4 * HOUR + 31 * MINUTE
    runs = [("203.0.113.226", NIKTO, 260, 300), ("203.0.113.233", CHROME, 330, 1700), ("2001:db8:66::5c", CHROME, 140, 2600)]
    for address, software, count, gap in runs:
        client = Client(address, software)
        for number in range(count):
            yield client.request(time, "GET", PROBES[number % len(PROBES)], host="203.0.113.250" if number % 5 == 4 else HOST)
            time += gap + dice.below(gap)
        time += 2 * HOUR


SQL_INJECTIONS = [
    ("1' OR '1'='1", ["1", "'", "OR", "'1"]),
    ("-1' UNION SELECT 1,2,3-- -", ["-1'", "UNION", "SELECT", "1", ","]),
    ("1 having 1=1", ["1", "having", "1", "=", "1"]),
    ("1; DROP TABLE users", ["1", ";", "DROP", "TABLE"]),
    ("1 or sleep(5)", ["1", "or", "sleep", "(", "5"]),
]
"""Values that the detector reports, with the tokens it names."""
SCRIPTS = [
    ("<script>alert(1)</script>", ["<", "script"]),
    ("<img src=x onerror=alert(1)>", ["onerror"]),
    ("<svg onload=alert(1)>", ["onload"]),
    ("\" onmouseover=\"alert(1)", ["onmouseover"]),
]


def injections(dice):
    """A tool that names itself, one that does not, and somebody with a browser."""
    runs = [
        ("203.0.113.231", SQLMAP, 150, "sqli", SQL_INJECTIONS, 9 * HOUR),
        ("198.51.100.246", CURL, 70, "sqli", SQL_INJECTIONS, 16 * HOUR),
        ("203.0.113.236", BROWSERS[1], 26, "sqli", SQL_INJECTIONS, 18 * HOUR),
        ("203.0.113.237", BROWSERS[2], 34, "xss", SCRIPTS, 19 * HOUR),
        ("198.51.100.246", CURL, 22, "xss", SCRIPTS, 17 * HOUR),
    ]
    for address, software, count, kind, payloads, start in runs:
        client = Client(address, software)
        time = DAY + start
        for number in range(count):
            text, tokens = payloads[number % len(payloads)]
            name = "id" if kind == "sqli" else "name"
            yield client.request(time, "GET", f"/catalog/kitchen?{name}={quote(text)}&n={number}", attack=(kind, tokens))
            time += dice.between(2, 9) * SECOND


def climbers(dice):
    """Path traversal in the path and, escaped twice, in an argument."""
    client, time = Client("203.0.113.239", CHROME), DAY + 13 * HOUR
    for number in range(24):
        yield client.request(time, "GET", "/images/" + "../" * (2 + number % 5) + "etc/passwd")
        yield client.request(time + SECOND, "GET", "/delivery?to=%252e%252e%252f%252e%252e%252fetc%252fpasswd")
        elsewhere = dice.pick(["http://169.254.169.254/latest/meta-data/", "http://203.0.113.250/x.txt"])
        yield client.request(time + 2 * SECOND, "GET", "/delivery?to=" + elsewhere)
        time += dice.between(3, 12) * SECOND


def denied(dice):
    for number in range(170):
        address = f"2001:db8:bad:{dice.hex(1)}::9" if number % 4 == 0 else f"203.0.113.{dice.between(192, 222)}"
        yield Client(address, dice.pick(BROWSERS)).request(time_of_day(dice), "GET", next_page(dice))


def oddities(dice):
    """Methods, sizes and headers that real logs hold now and then."""
    for method in ["PROPFIND", "TRACE", "DEBUG", "PUT", "DELETE", "get", "OPTIONS"] * 6:
        yield Client(visitor_address(dice), CURL).request(time_of_day(dice), method, "/")
    for number in range(14):
        yield Client(visitor_address(dice), PYTHON).request(time_of_day(dice), "GET", "/search?q=" + "a" * (2044 + number))
        yield Client(visitor_address(dice), PYTHON).request(time_of_day(dice), "GET", "/" + "b" * (1020 + number))
    for number in range(64):
        yield Client(visitor_address(dice), NAMELESS).request(time_of_day(dice), "GET", "/healthz" if number % 4 == 0 else "/")
    for number in range(8):
        client = Client(visitor_address(dice), Software(['Näherin "3000" \\o/', "agent with\ttab"][number % 2], "HTTP/1.1"))
        yield client.request(time_of_day(dice), "GET", "/catalog/textiles")
    for _ in range(10):
        client = Client(visitor_address(dice), CHROME)
        yield client.request(time_of_day(dice), "GET", "/", cookie="sid=0; name=%3Cscript%3Ealert(1)%3C/script%3E")
    for _ in range(9):
        yield Client(visitor_address(dice), CURL).request(time_of_day(dice), "POST", "/api/v1/catalog/gifts", b'{"price":"0"}', "application/json")


ACTORS = [visitors, app_users, office, partner, monitoring, crawlers,
          login_floods, price_robot, mirror, scanners, injections, climbers, denied, oddities]


def day(seed):
    """All requests of the day in order of time; equal times keep the order of the actors. Late sessions are cut at midnight."""
    dice = Dice(seed)
    requests = [request for actor in ACTORS for request in actor(dice) if request.time < DAY + 24 * HOUR]
    return sorted(requests, key=lambda request: request.time)
