"""See aws_botocore.sh."""

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

import botocore.session
import botocore.tokens
import botocore.utils

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
    server.shutdown()
    sys.exit(1 if failed else 0)


main()
