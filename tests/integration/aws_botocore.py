"""See aws_botocore.sh."""

import base64
import datetime
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

import botocore
import botocore.credentials
import botocore.session
import botocore.tokens
import botocore.utils

try:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric import utils as asymmetric_utils
except ImportError:
    ec = None

EXHIBIT = sys.argv[1]
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
asked = []
failed = 0


def fail(text):
    global failed
    print("FAILED:", text, file=sys.stderr)
    failed += 1


class Aws(http.server.BaseHTTPRequestHandler):
    """CreateToken and GetRoleCredentials; everything else is refused."""

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/token":
            asked.append(("token", json.loads(body)))
            self.answer(200, {"accessToken": "new", "expiresIn": 28800,
                              "refreshToken": "r2", "tokenType": "Bearer"})
        elif self.path == "/v1/token":
            asked.append(("login", json.loads(body)))
            proof(self.headers["DPoP"], "http://" + self.headers["Host"] + self.path)
            if json.loads(body)["refreshToken"] == "over":
                self.answer(401, {"error": "TOKEN_EXPIRED", "message": "m"})
            else:
                self.answer(200, {
                    "accessToken": {"accessKeyId": "ASIANEW",
                                    "secretAccessKey": "s2", "sessionToken": "t2"},
                    "tokenType": "aws_sigv4", "expiresIn": 900,
                    "refreshToken": "r2"})
        elif "Credential=" in self.headers.get("Authorization", ""):
            asked.append(("signed", self.headers["Authorization"].split(
                "Credential=")[1].split("/")[0]))
            self.answer(400, {"__type": "Refused"})
        else:
            self.answer(400, {"__type": "Refused"})

    def do_GET(self):
        if self.path.startswith("/federation/credentials"):
            asked.append(("keys", self.headers["x-amz-sso_bearer_token"]))
            self.answer(200, {"roleCredentials": {
                "accessKeyId": "ASIASSO", "secretAccessKey": "s",
                "sessionToken": "t", "expiration": 4102444800000}})
        else:
            self.answer(400, {"__type": "Refused"})

    def log_message(self, *args):
        pass


def stamp(hours):
    return (NOW + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def home_of(files, config):
    home = tempfile.mkdtemp(prefix="exhibit-botocore-")
    cache = os.path.join(home, ".aws", "sso", "cache")
    os.makedirs(cache)
    with open(os.path.join(home, ".aws", "config"), "w") as f:
        f.write(config)
    for name, token in files.items():
        with open(os.path.join(cache, name + ".json"), "w") as f:
            json.dump(token, f)
    return home


def files_of(home):
    cache = os.path.join(home, ".aws", "sso", "cache")
    return {n: json.load(open(os.path.join(cache, n))) for n in os.listdir(cache)}


def by_exhibit(home, url, profile):
    """Token the keys were asked with, or None."""
    del asked[:]
    env = {"HOME": home, "PATH": os.environ["PATH"],
           "AWS_EC2_METADATA_DISABLED": "True"}
    subprocess.run([EXHIBIT, "collect", "aws", "--emit", "--services", "kms",
                    "--regions", "us-east-1", "--endpoint-url", url,
                    "--aws-profile", profile],
                   env=env, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=120, check=False)
    used = [what for name, what in asked if name == "keys"]
    return used[0] if used else None


def by_botocore(home, url, profile):
    del asked[:]
    os.environ["HOME"] = home
    os.environ["AWS_CONFIG_FILE"] = os.path.join(home, ".aws", "config")
    os.environ["AWS_ENDPOINT_URL_SSO_OIDC"] = url
    session = botocore.session.Session(profile=profile)
    cache = botocore.utils.JSONFileCache(
        os.path.join(home, ".aws", "sso", "cache"),
        dumps_func=botocore.tokens._sso_json_dumps)
    provider = botocore.tokens.SSOTokenProvider(
        session, cache=cache, profile_name=profile)
    try:
        token = provider.load_token().get_frozen_token()
        return token.token
    except Exception:
        return None


def token(access, hours, **more):
    return {"startUrl": "https://corp.example/start", "region": "us-east-1",
            "accessToken": access, "expiresAt": stamp(hours), **more}


CONFIG = """[profile sso]
SSO_Session: corp
sso_account_id = 111122223333
sso_role_name = audit
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.example/start
"""
OWN = hashlib.sha1(b"corp").hexdigest()
RENEWS = {"clientId": "c1", "clientSecret": "c2", "refreshToken": "r1",
          "registrationExpiresAt": stamp(1000)}
CASES = {
    "alive": {OWN: token("own", 5, **RENEWS)},
    "own before another": {OWN: token("own", 5), "0" * 40: token("other", 50)},
    "renewed when it is over": {OWN: token("old", -5, **RENEWS)},
    "renewed before its end": {OWN: token("old", 0.1, **RENEWS)},
    "soon over, nothing to renew it": {OWN: token("old", 0.1)},
    "over, nothing to renew it": {OWN: token("old", -5)},
    "registration over": {OWN: token("old", -5, **{
        **RENEWS, "registrationExpiresAt": stamp(-1)})},
    "nobody logged in": {},
}


# ---- aws login ----

SESSION = "arn:aws:iam::111122223333:user/ann"
LOGIN = f"""[profile person]
region = us-east-1
login_session = {SESSION}
"""


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def proof(header, url):
    """What RFC 9449, section 4.3, has a server check."""
    head, claims, signature = header.split(".")
    h, c = json.loads(unpadded(head)), json.loads(unpadded(claims))
    k, raw = h["jwk"], unpadded(signature)
    key = ec.EllipticCurvePublicNumbers(
        int.from_bytes(unpadded(k["x"]), "big"),
        int.from_bytes(unpadded(k["y"]), "big"), ec.SECP256R1()).public_key()
    key.verify(asymmetric_utils.encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
        f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    asked.append(("proof", {
        "typ": h["typ"], "alg": h["alg"], "jwk": k, "members": sorted(c),
        "htm": c["htm"], "htu": c["htu"] == url,
        "now": abs(c["iat"] - NOW.timestamp()) < 600}))


class Ec:
    """awscrt.crypto.EC, which botocore signs with, where that is not installed."""

    def __init__(self, key):
        self.key = key

    @staticmethod
    def new_key_from_der_data(der):
        return Ec(serialization.load_der_private_key(der, None))

    def get_public_coords(self):
        n = self.key.public_key().public_numbers()
        return n.x.to_bytes(32, "big"), n.y.to_bytes(32, "big")

    def sign(self, digest):
        return self.key.sign(digest, ec.ECDSA(
            asymmetric_utils.Prehashed(hashes.SHA256())))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature, pad_to):
        r, s = asymmetric_utils.decode_dss_signature(signature)
        return r.to_bytes(pad_to, "big") + s.to_bytes(pad_to, "big")


def login_home(session):
    home = tempfile.mkdtemp(prefix="exhibit-botocore-")
    cache = os.path.join(home, ".aws", "login", "cache")
    os.makedirs(cache)
    with open(os.path.join(home, ".aws", "config"), "w") as f:
        f.write(LOGIN)
    if session is not None:
        name = hashlib.sha256(SESSION.encode()).hexdigest() + ".json"
        with open(os.path.join(cache, name), "w") as f:
            json.dump(session, f)
    return home


def login_files(home):
    cache = os.path.join(home, ".aws", "login", "cache")
    return {n: json.load(open(os.path.join(cache, n))) for n in os.listdir(cache)}


def said(name):
    return [what for said_by, what in asked if said_by == name]


def login_by_exhibit(home, url):
    by_exhibit(home, url, "person")
    return said("signed")[0] if said("signed") else None


def login_by_botocore(home, url):
    del asked[:]
    os.environ["HOME"] = home
    os.environ["AWS_CONFIG_FILE"] = os.path.join(home, ".aws", "config")
    os.environ["AWS_ENDPOINT_URL_SIGNIN"] = url
    try:
        session = botocore.session.Session(profile="person")
        return session.get_credentials().get_frozen_credentials().access_key
    except Exception:
        return None


def login_cases(pem):
    def session(access, hours, **more):
        return {"accessToken": {
            "accessKeyId": access, "secretAccessKey": "s", "sessionToken": "t",
            "accountId": "111122223333", "expiresAt": stamp(hours)},
            "tokenType": "aws_sigv4", "idToken": "i", "refreshToken": "r1",
            "clientId": "arn:aws:signin:::devtools/same-device",
            "dpopKey": pem, **more}

    return {
        "alive": session("ASIAOLD", 0.24),
        "renewed when it is over": session("ASIAOLD", -5),
        "renewed before its end": session("ASIAOLD", 0.05),
        "over, and the session too": session("ASIAOLD", -5, refreshToken="over"),
        "over, with a key that is none": session("ASIAOLD", -5, dpopKey="none"),
        "nobody logged in": None,
    }


def compare_login(url):
    if not hasattr(botocore.credentials, "LoginProvider"):
        print(f"not compared: botocore {botocore.__version__} does not know "
              "'aws login'; unit/credentials has its cases")
        return
    if ec is None:
        print("not compared: python3-cryptography, to check the proofs of 'aws "
              "login' with, is not installed")
        return
    if botocore.credentials.EC is None:
        botocore.credentials.EC = Ec
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption()).decode()
    renewals = 0
    for name, session in login_cases(pem).items():
        ours, theirs = login_home(session), login_home(session)
        a = login_by_exhibit(ours, url)
        sent, proved = said("login"), said("proof")
        b = login_by_botocore(theirs, url)
        if a != b:
            fail(f"login {name}: exhibit {a}, botocore {b}")
        if sent != said("login")[:len(sent)] or bool(sent) != bool(said("login")):
            fail(f"login {name}: sent {sent}, botocore {said('login')}")
        if proved != said("proof")[:len(proved)]:
            fail(f"login {name}: proved {proved}, botocore {said('proof')}")
        if proved and not (proved[0]["htu"] and proved[0]["now"]):
            fail(f"login {name}: {proved}")
        renewals += a == "ASIANEW"
        left, right = login_files(ours), login_files(theirs)
        for one in (left, right):
            for text in one.values():  # to the second, each at its own time
                if text["accessToken"]["accessKeyId"] == "ASIANEW":
                    text["accessToken"]["expiresAt"] = "later"
        if left != right:
            fail(f"login {name}: files {left}, botocore's {right}")
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
    if renewals != 2:
        fail(f"login: {renewals} renewals, not 2")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    for name, files in CASES.items():
        ours, theirs = home_of(files, CONFIG), home_of(files, CONFIG)
        a, b = by_exhibit(ours, url, "sso"), by_botocore(theirs, url, "sso")
        if a != b:
            fail(f"{name}: exhibit {a}, botocore {b}")
        left, right = files_of(ours), files_of(theirs)
        for one in (left, right):
            for text in one.values():  # to the second, each at its own time
                if text["expiresAt"] > stamp(7) and text["accessToken"] == "new":
                    text["expiresAt"] = "later"
        if left != right:
            fail(f"{name}: files {left}, botocore's {right}")
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
    compare_login(url)
    server.shutdown()
    sys.exit(1 if failed else 0)


main()
