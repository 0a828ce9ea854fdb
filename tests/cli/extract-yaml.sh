# SPDX-License-Identifier: Apache-2.0
# Every recipe that extract writes is YAML to another reader as well, and says the same to it: of all
# fixtures whose recipes have texts of the file in them.
. "$SOURCE/tests/cli-lib.sh"

/usr/bin/python3 -c 'import yaml' 2>/dev/null || skip 'python3-yaml is not installed'

mkdir taken
for file in "$FIXTURES"/{matter,matter_bundle,zigbee,flash,rcp_image,uf2}/*.bin; do
    lacks "$file" || otapack extract "$file" --recipe "taken/${file##*/}" >/dev/null 2>&1 || :
done

/usr/bin/python3 - <<'END' >said || fail 'a recipe is no YAML, or not the same to others'
import glob, yaml

count = 0
for name in sorted(glob.glob('taken/*/recipe.yaml')):
    with open(name, 'rb') as file:
        recipe = yaml.safe_load(file)
    assert recipe['otapack'] == 1 and recipe['output'] == 'rebuilt.bin', name
    text = recipe.get('matter', {}).get('software_version_string', '')
    assert isinstance(text, str), name
    print(name.split('/')[1], repr(text))
    count += 1
assert count >= 150, count
END
grep -qF "bad-matter-version-string-delete.bin '2.\\x7f'" said || fail 'a text is another one'
