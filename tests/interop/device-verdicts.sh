# SPDX-License-Identifier: Apache-2.0
# verify says of variants of an app what ESP-IDF's own image verification said of them (esp_ota_end's
# and the bootloader's, compiled on a host). Every deliberate difference is in CONTRIBUTING.md.
. "$SOURCE/tests/cli-lib.sh"

verdicts=${OTAPACK_VECTORS:-none}/../verdicts
[ -f "$verdicts/compare.py" ] || skip 'there are no verdicts of device code'
command -v python3 >where || skip 'there is no python3'
limit=500 # variants a chip; OTAPACK_LONG=1 takes all of some 6,000
[ -z "${OTAPACK_LONG:-}" ] || limit=
PYTHONDONTWRITEBYTECODE=1 python3 "$verdicts/compare.py" "$OTAPACK" "$verdicts" $limit >said || {
    cat said
    fail 'fewer than 99.5 in 100 agree'
}
tail -n 1 said
