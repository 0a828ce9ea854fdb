# SPDX-License-Identifier: Apache-2.0
# verify --format: reports that a CI server, a code host and GitHub's runner read, with every failure
# in them and nothing that could end a field early; --warnings fail.
. "$SOURCE/tests/cli-lib.sh"

need python3
bad=$FIXTURES/esp_image/bad-esp-page-align.bin
warned=$FIXTURES/esp8266/bad-esp8266-sig-inside.bin
odd='a,b:c%d<"&'\''e>.bin'
cp "$bad" "$odd"
cp "$warned" warned.bin
cp "$FIXTURES/br/demo_br.bin" good.bin
set -- "$odd" warned.bin good.bin missing.bin

# ---- JUnit --------------------------------------------------------------------------------------

expect_exit 2 otapack verify "$@" --format junit --expect 'desc.version >= 9' --key "$FIXTURES/keys/rsa2048.pub.pem"
mv out junit.xml
cat >junit.py <<'END'
import sys, xml.etree.ElementTree as tree
suites = tree.parse("junit.xml").getroot()
assert suites.tag == "testsuites" and [s.get("name") for s in suites] == sys.argv[1:]
for suite in suites:
    for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == len(suite.findall("testcase/" + element)), attribute
    assert int(suite.get("tests")) == len(suite.findall("testcase")) > 0
odd, warned, good, missing = suites
failed = {c.get("name"): c.find("failure").get("message") for c in odd if c.find("failure") is not None}
assert "make the image with" in failed["esp-page-align"], failed
assert any(c.get("name") == "esp-checksum" and len(c) == 0 for c in odd)
assert any("esp8266-sig-inside" in c.get("name") and c.find("system-out").text.startswith("warning: ")
           for c in warned if len(c))
assert any(c.get("name").startswith("expectation: ") and c.find("failure") is not None for c in good)
assert [c.find("error").get("type") for c in missing] == ["file"]
assert any("it needs --chip" in c.find("skipped").get("message") for c in good if c.find("skipped") is not None)
END
python3 junit.py "$@" || fail 'the JUnit report is another'

# ---- SARIF --------------------------------------------------------------------------------------

expect_exit 2 otapack verify "$@" --format sarif --expect 'desc.version >= 9'
mv out log.sarif
cat >sarif.py <<'END'
import json, re, sys, urllib.parse
log = json.load(open("log.sarif"))
assert log["version"] == "2.1.0" and len(log["runs"]) == 1
run = log["runs"][0]
rules = run["tool"]["driver"]["rules"]
assert run["tool"]["driver"]["name"] == "otapack" and len({r["id"] for r in rules}) == len(rules)
assert all(re.fullmatch(r"(%[0-9A-F]{2}|[\w.~/-])+", a["location"]["uri"], re.A) for a in run["artifacts"])
assert [urllib.parse.unquote(a["location"]["uri"]) for a in run["artifacts"]] == sys.argv[1:]
assert run["invocations"] == [{"executionSuccessful": False, "exitCode": 2}]
found = set()
for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] and result["message"]["text"]
    assert result["level"] in ("error", "warning", "note")
    where = result["locations"][0]["physicalLocation"]
    artifact = where["artifactLocation"]
    assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
    region = where.get("region", {"byteOffset": 0, "byteLength": 0})
    length = run["artifacts"][artifact["index"]].get("length", 0)
    assert region["byteOffset"] + region["byteLength"] <= length
    found.add((artifact["index"], result["ruleId"], result["level"]))
assert {(0, "esp-page-align", "error"), (1, "esp8266-sig-inside", "warning"),
        (2, "expectation", "error"), (3, "file", "error")} <= found, found
END
python3 sarif.py "$@" || fail 'the SARIF log is another'

# ---- GitHub -------------------------------------------------------------------------------------

expect_exit 2 otapack verify "$@" --format github
grep -Fq '::error file=a%2Cb%3Ac%25d<"&'\''e>.bin,title=otapack esp-page-align::segment 2 lies' out ||
    fail 'a name can end a property'
grep -q '^::warning file=warned.bin,title=otapack esp8266-sig-inside::' out || fail 'no warning'
grep -q '^::error file=missing.bin,title=otapack file::' out || fail 'a missing file is not told'
! grep -q 'good.bin' out || fail 'a good file has an annotation'
! grep -vq '^::' out || fail 'there is more than annotations'

# ---- JSON, and what excludes each other ---------------------------------------------------------

expect_exit 0 otapack verify good.bin --json
mv out short
expect_exit 0 otapack verify good.bin --format json
same out short
expect_exit 2 otapack verify good.bin --json --format sarif
expect_one_line_err
expect_exit 2 otapack verify good.bin --format xml
expect_one_line_err

# What cannot be asked is worse than what does not hold, whichever is last.
for order in 'desc.project_name > x,chip = esp32' 'chip = esp32,desc.project_name > x'; do
    expect_exit 2 otapack verify good.bin -e "${order%,*}" -e "${order#*,}"
done

# ---- Warnings -----------------------------------------------------------------------------------

expect_exit 0 otapack verify warned.bin
expect_exit 1 otapack verify warned.bin --warnings fail
grep -q 'warned.bin: 1 warning, and --warnings fail; ' err || fail 'the reason is not said'
expect_exit 1 otapack verify warned.bin --warnings fail --quiet
grep -q 'esp8266-sig-inside' err || fail 'quiet, a warning that fails is not said'
expect_exit 0 otapack verify warned.bin --warnings fail --allow esp8266-sig-inside
expect_exit 0 otapack verify "$FIXTURES/esp8266/bad-esp8266-length.bin" --warnings fail # a note
# What fails without it may be allowed, and then warns: that is no failure either.
expect_exit 0 otapack verify "$bad" --warnings fail --allow esp-page-align
for report in json junit sarif github; do
    expect_exit 1 otapack verify warned.bin --warnings fail --format $report
    grep -Eq '"verdict": "fail"|failures="1"|"level": "error"|^::error ' out ||
        fail "$report: a warning that fails is none"
done
