# SPDX-License-Identifier: Apache-2.0
# Where the RCP version must stand in the firmware: outside the app description, with a NUL behind
# it, and where a text can begin. The end of a longer text is another text.
. "$SOURCE/tests/cli-lib.sh"

version=vers-1.5
app=rcp/esp_ot_rcp.bin
AT_TEXT=$((AT_DESC + 256)) # there the fixture's RCP has its version
text=$(<"$RCP/rcp_version")
[ "$(cut_bytes "$RCP/esp_ot_rcp.bin" $AT_TEXT ${#text})" = "$text" ] ||
    fail 'the fixture has its version elsewhere'
copy_rcp rcp
esp_text $app $AT_TEXT '' ${#text}
mv rcp without

fresh() {
    copy_folder without rcp
    printf '%s' "$version" >rcp/rcp_version
}
write() { # write OFFSET FORMAT: printf's escapes may be in it
    # shellcheck disable=SC2059
    printf "$2" >text
    esp_put $app "$1" <text
}
passes() {
    reference_build rcp expected.bin
    expect_exit 0 otapack build --rcp-build-dir rcp --target-file ota.bin
    same expected.bin ota.bin
}
refused() {
    refuse rcp-version-match 'version' --rcp-build-dir rcp
    only_check rcp-version-match
}
passes_with() { fresh; write $AT_TEXT "$1"; passes; }
refused_with() { fresh; write $AT_TEXT "$1"; refused; }

fresh
refused
# At a multiple of 4, whatever is in front of it; elsewhere behind what no text has in it.
passes_with "$version\\0"
passes_with "abcd$version\\0"
passes_with "\\0$version\\0"
passes_with "ab\\0$version\\0"
passes_with "ab\\001$version\\0"
passes_with "ab\\177$version\\0"
passes_with "ab\\377$version\\0"
refused_with "x$version\\0"
refused_with "abc$version\\0"
refused_with "ab $version\\0"
refused_with "ab~$version\\0"
# The first place is no good, the second is; also when the two overlap.
passes_with "x$version\\0$version\\0"
version=v1v1
refused_with 'abcv1v1v1x\0'
passes_with 'ab\0v1v1\0'
version=vers-1.5

# No NUL behind it.
refused_with "${version}x\\0"
refused_with "$version \\0"
refused_with "${version}\\n\\0"

# In the description: its version, its project name, the reserved bytes, half of it outside.
fresh
esp_text $app $AT_VERSION "$version"
refused
write $AT_TEXT "$version\\0"
passes
fresh
esp_text $app $AT_PROJECT "$version"
refused
fresh
write $((AT_TEXT - 4)) "$version\\0"
refused
fresh
write $((AT_TEXT - 12)) "$version\\0"
refused

# In a large firmware, across whatever blocks it is read in.
fresh
esp_grow $app 70000
cp $app large.bin
for block in 4096 16384 65536; do
    for before in 1 3 8 9; do
        cp large.bin $app
        write $((block - before)) "\\0$version\\0"
        passes
        cp large.bin $app
        write $((block - before - (block - before) % 4)) "x$version\\0"
        expect_exit 1 otapack build --rcp-build-dir rcp --target-file no.bin
        only_check rcp-version-match
    done
done
no_file no.bin
