# SPDX-License-Identifier: Apache-2.0
# What inspect --json prints of every fixture (and of real firmware, where there is some) is valid by
# packaging/otapack-inspect.schema.json, and what is altered is not. Needs python3-jsonschema.
. "$SOURCE/tests/cli-lib.sh"

python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'from jsonschema import Draft202012Validator' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || skip 'python3-jsonschema is not installed'

# All good ones and all bad ones; damaged copies; a file that is not there.
mkdir damaged
for size in 0 1 10 24 40 200 4000; do
    for image in br/demo_br.bin rcp_image/good-with-host.bin ota_data/good-slot-1.bin br/partition-table.bin; do
        head -c $size "$FIXTURES/$image" >"damaged/$size-${image##*/}"
    done
done
find "$FIXTURES" "$PWD/damaged" ${OTAPACK_VECTORS+"$OTAPACK_VECTORS"} -type f \
    ! -name '*.[ch]' ! -name '*.md' >files
{
    xargs "$OTAPACK" inspect --json "$PWD/nothing" \
        --partition-table "$FIXTURES/br/partition-table.bin" \
        --key "$FIXTURES/keys/rsa2048.pub.pem" --layout 4m2m --sketch-size 400000 <files >all.json
} 2>err || true
[ "$(jq '.files | length' all.json)" -gt 100 ] || fail 'there should be more files'

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
    lambda d, f, r: r["checks"][0].update(id="esp-nothing"),
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
sys.exit(wrong != 0)
END
"$python" validate.py "$SOURCE/packaging/otapack-inspect.schema.json" all.json
