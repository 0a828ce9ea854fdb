# SPDX-License-Identifier: Apache-2.0
# otapack-inspect.schema.json is a schema by the reference validator; what inspect --json
# prints of a few files is valid by it, and what is altered is not. So is otapack-verify.schema.json,
# and what verify --json prints of them; and otapack-sign.schema.json, with sign --digest-only. (tests/laws/law_json.c has a validator of its own, for every
# file there is.) Needs python3-jsonschema.
. "$SOURCE/tests/cli-lib.sh"

python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'from jsonschema import Draft202012Validator' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || skip 'python3-jsonschema is not installed'

# Good and bad ones, a damaged copy, a file that is not there.
head -c 4000 "$FIXTURES/br/demo_br.bin" >damaged.bin
set -- damaged.bin nothing
for name in rcp_image/good-with-signed-host br/demo_br flash/good-merged-esp32h2 matter/bad-matter-digest \
    esp8266/good-gzip-signed esp8266/bad-esp8266-length ota_data/good-slot-1 raw/html; do
    set -- "$FIXTURES/$name.bin" "$@"
done
expect_exit 2 otapack inspect --json "$@" --partition-table "$FIXTURES/br/partition-table.bin" \
    --key "$FIXTURES/keys/rsa2048.pub.pem" --layout 4m2m --sketch-size 400000
mv out all.json
expect_exit 2 otapack verify --json "$@" --key "$FIXTURES/keys/rsa3072-a.pub.pem" \
    --expect 'chip = esp32s3' --expect 'desc.version > 9' --baseline "$FIXTURES/br/demo_br.bin"
mv out verified.json

cat >validate.py <<'END'
import copy, json, sys
from jsonschema import Draft202012Validator

schema = json.load(open(sys.argv[1]))
document = json.load(open(sys.argv[2]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong = 0
for error in validator.iter_errors(document):
    wrong += 1
    print("/".join(map(str, error.absolute_path)), error.message[:300])
    for inner in error.context:
        print("   ", "/".join(map(str, inner.absolute_path)), inner.message[:300])

# The schema says no to each of these.
one = next(f for f in document["files"] if f["file"].endswith("/demo_br.bin") and "damaged" not in f["file"])
def altered(change):
    global wrong
    other = {"otapack": 1, "files": [copy.deepcopy(one)]}
    change(other, other["files"][0], other["files"][0]["root"])
    if validator.is_valid(other):
        wrong += 1
        print("valid, but should not be: change", changes.index(change))
changes = [
    lambda d, f, r: d.update(otapack=2),
    lambda d, f, r: d.update(more=1),
    lambda d, f, r: f.update(verdict="good"),
    lambda d, f, r: f.pop("size"),
    lambda d, f, r: r.update(format="elf"),
    lambda d, f, r: r.update(offset=-1),
    lambda d, f, r: r.pop("checks"),
    lambda d, f, r: r["fields"].update(colour={"value": 1}),
    lambda d, f, r: r["fields"].pop("chip"),
    lambda d, f, r: r["fields"]["entry_addr"].update(value="0x40374010"),
    lambda d, f, r: r["fields"]["entry_addr"].pop("text"),
    lambda d, f, r: r["fields"]["hash"].update(value="no digits"),
    lambda d, f, r: r["fields"]["type"].update(value="script"),
    lambda d, f, r: r["checks"][0].update(id="esp_nothing"),
    lambda d, f, r: r["checks"][0].update(verdict="fail"),
    lambda d, f, r: r["checks"][0].update(severity="fatal"),
    lambda d, f, r: r["parts"].update(segments=r["parts"]["desc"]),
    lambda d, f, r: r["parts"].update(elsewhere=r["parts"]["desc"]),
    lambda d, f, r: r["parts"]["desc"]["fields"].pop("version"),
    lambda d, f, r: r.update(unpacked=True),
]
for change in changes:
    altered(change)
print(len(document["files"]), "files,", wrong, "wrong")
sys.exit(wrong != 0 or len(document["files"]) != 10)
END
"$python" validate.py "${OTAPACK%/*}/otapack-inspect.schema.json" all.json

cat >verified.py <<'END'
import json, sys
from jsonschema import Draft202012Validator

schema = json.load(open(sys.argv[1]))
document = json.load(open(sys.argv[2]))
Draft202012Validator.check_schema(schema)
errors = list(Draft202012Validator(schema).iter_errors(document))
for error in errors:
    print("/".join(map(str, error.absolute_path)), error.message[:300])
kinds = {k for f in document["files"] for k, v in f.get("signed", {}).items() if v and k != "part"}
outcomes = {p["outcome"] for f in document["files"] for p in f.get("policy", [])}
print(len(document["files"]), "files", sorted(kinds), sorted(outcomes))
sys.exit(bool(errors) or not {"covered", "fixed", "uncovered", "signatures"} <= kinds or
         outcomes != {"pass", "fail", "skipped"})
END
"$python" verified.py "${OTAPACK%/*}/otapack-verify.schema.json" verified.json

# What is signed elsewhere: RSA and ECDSA, with and without what a key or an option brings.
asked() {
    expect_exit 0 otapack sign "$@" --digest-only --json
    cat out >>asked.json
}
asked "$FIXTURES/esp_image/good-app-esp32c6.bin" --public-key "$FIXTURES/keys/ecdsa-p256-a.pub.pem"
asked "$FIXTURES/esp_image/good-app-esp32h2.bin" --public-key "$FIXTURES/keys/ecdsa-p384-a.pub.pem"
asked "$FIXTURES/rcp_image/good-with-host.bin" --public-key "$FIXTURES/keys/rsa3072-a.pub.pem" \
    --part firmware -o data.bin
asked "$FIXTURES/esp8266/good-arduino.bin" --public-key "$FIXTURES/keys/rsa2048.pub.pem"

cat >asked.py <<'END'
import copy, json, sys
from jsonschema import Draft202012Validator

schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
text, documents = open(sys.argv[2]).read(), []
while text.strip():
    document, end = json.JSONDecoder().raw_decode(text)
    documents.append(document)
    text = text[end:].lstrip()
wrong = [e for d in documents for e in validator.iter_errors(d)]
for error in wrong:
    print("/".join(map(str, error.absolute_path)), error.message[:300])
# The schema says no to each of these.
changes = [
    lambda d: d.update(otapack=2),
    lambda d: d.update(more=1),
    lambda d: d.pop("digest"),
    lambda d: d["digest"].update(hex="none"),
    lambda d: d["algorithm"].pop("hash"),
    lambda d: d["algorithm"].update(salt_length=20),
    lambda d: d.update(scheme="v3"),
]
for document in documents:
    for i, change in enumerate(changes):
        other = copy.deepcopy(document)
        change(other)
        if validator.is_valid(other):
            wrong.append(i)
            print("valid, but should not be: change", i)
print(len(documents), "documents,", len(wrong), "wrong")
sys.exit(bool(wrong) or len(documents) != 4)
END
"$python" asked.py "$SOURCE/packaging/otapack-sign.schema.json" asked.json
