# SPDX-License-Identifier: Apache-2.0
# What packaging/ has for CI servers and editors: the GitHub action's step and the GitLab job are run,
# the problem matchers are held against lines that otapack prints.
. "$SOURCE/tests/cli-lib.sh"

need python3
mkdir bin 'my build'
ln -s "$OTAPACK" bin/otapack
PATH=$PWD/bin:$PATH
unset -f otapack
cp "$FIXTURES/br/demo_br.bin" 'my build/one.bin'
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" 'my build/two.bin'
cp "$FIXTURES/esp_image/bad-esp-page-align.bin" bad.bin
cp "$FIXTURES/esp8266/bad-esp8266-sig-inside.bin" warned.bin

# ---- GitHub -------------------------------------------------------------------------------------

# step STATUS FILES [NAME=VALUE...]: the action's step with these inputs.
step() {
    status=$1 files=$2
    shift 2
    expect_exit "$status" env INPUT_FILES="$files" INPUT_OPTIONS= INPUT_EXPECT= INPUT_KEY_DIGEST= \
        INPUT_KEYS= INPUT_REQUIRE_KEY= INPUT_SARIF= "$@" bash "$SOURCE/packaging/github/verify.sh"
}
step 0 'my build/*.bin' 'INPUT_EXPECT=desc.version >= 1.4
chip != esp32'
step 1 'my build/*.bin' 'INPUT_EXPECT=desc.version >= 1.4
chip = esp32c6'
grep -q '^::error file=my build/one.bin,title=otapack expectation::' out || fail 'no annotation'
step 1 'my build/one.bin
bad.bin' INPUT_SARIF=log.sarif
grep -q '"ruleId": "esp-page-align"' log.sarif || fail 'no SARIF log'
step 0 warned.bin
step 1 warned.bin 'INPUT_OPTIONS=--warnings fail'
step 2 'nothing*.bin'
step 2 '$(touch harm).bin' 'INPUT_OPTIONS=;touch harm'
no_file harm
echo "0b6c9e26aa2e2e16bfb8777019bca17c9a5ff2841d1f5a47f7e5b64a04464023" >release.digest
step 0 "$FIXTURES/rcp_image/good-with-signed-host.bin" INPUT_KEY_DIGEST=release.digest
step 1 "$FIXTURES/rcp_image/good-with-host.bin" INPUT_KEY_DIGEST=release.digest
mkdir ring
cp release.digest ring/PROD.digest
step 0 "$FIXTURES/rcp_image/good-with-signed-host.bin" INPUT_KEYS=ring INPUT_REQUIRE_KEY=PROD
step 1 "$FIXTURES/secure_boot/good-ecdsa-p256.bin" INPUT_KEYS=ring
step 2 "$FIXTURES/rcp_image/good-with-signed-host.bin" INPUT_KEYS=ring 'INPUT_REQUIRE_KEY=PROD DEV'
inputs=$(sed -n 's/^        \(INPUT_[A-Z_]*\): .*/\1/p' "$SOURCE/packaging/github/action.yml" | sort)
used=$(grep -o 'INPUT_[A-Z_]*' "$SOURCE/packaging/github/verify.sh" | sort -u)
[ "$inputs" = "$used" ] || fail "action.yml gives $inputs, and the step takes $used"

# ---- GitLab -------------------------------------------------------------------------------------

script=$(sed -n 's/^    - \(otapack .*\)/\1/p' "$SOURCE/packaging/gitlab/otapack.gitlab-ci.yml")
cp 'my build/one.bin' one.bin
export OTAPACK_FILES='one.bin bad.bin' OTAPACK_OPTIONS='--warnings fail'
expect_exit 1 sh -c "$script"
grep -q '<failure message="segment 2 lies' otapack.xml || fail 'no JUnit report'
export OTAPACK_FILES=one.bin
expect_exit 0 sh -c "$script"

# ---- Lines, and what matches them ---------------------------------------------------------------

text_to recipe.yaml <<'END'
otapack: 1
output: x.bin
apq: x
END
{ otapack verify bad.bin warned.bin nothing.bin; otapack build recipe.yaml; } >/dev/null 2>lines || true
cat >match.py <<'END'
import json, re, sys
lines = open("lines").read().splitlines()
matchers = {
    "problem-matcher": [(m, m["pattern"][0]) for m in json.load(open(sys.argv[1]))["problemMatcher"]],
    "tasks": [(m, m["pattern"]) for m in json.load(open(sys.argv[2]))["tasks"][0]["problemMatcher"]],
}
for name, all in matchers.items():
    seen = []
    for line in lines:
        fits = [(m, p, re.search(p["regexp"], line)) for m, p in all]
        fits = [(m, p, match) for m, p, match in fits if match]
        assert len(fits) == 1, (name, line, len(fits))
        m, p, match = fits[0]
        seen.append((m["severity"], match[p["file"]], match[p["line"]] if "line" in p else None,
                     match[p["code"]]))
    assert seen == [
        ("error", "bad.bin", None, "esp-page-align"),
        ("warning", "warned.bin", None, "esp8266-sig-inside"),
        ("error", "nothing.bin", None, None),
        ("error", "recipe.yaml", "3", None),
    ], (name, seen)
END
python3 match.py "$SOURCE/packaging/github/problem-matcher.json" "$SOURCE/packaging/editor/tasks.json" ||
    fail 'a problem matcher does not fit'
