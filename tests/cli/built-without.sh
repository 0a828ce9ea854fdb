# SPDX-License-Identifier: Apache-2.0
# What takes a library that otapack was built without says so in one line, with what to do, and writes
# nothing; what does not take it goes on.
. "$SOURCE/tests/cli-lib.sh"
PACKED=$FIXTURES/compressed_image/good-app.bin
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" app.bin
text_to delta.yaml <<'EOF'
otapack: 1
app: app.bin
delta: {base: app.bin}
EOF
text_to compress.yaml <<'EOF'
otapack: 1
app: app.bin
compress: {type: esp-xz}
EOF

# A build folder says what was left out of the program in it.
cache=${OTAPACK%/*}/CMakeCache.txt
left_out() { [ -f "$cache" ] && has_line "^OTAPACK_$1:[A-Z]*=(OFF|NO|FALSE|0)$" "$cache"; }

# absent OPTION LIBRARY COMMAND...: it says so. False: it was built with the library.
missing=0
absent() {
    local option=$1 library=$2 status=0
    shift 2
    drop made
    "$OTAPACK" "$@" >out 2>err </dev/null || status=$?
    last_command="otapack $*"
    if ! has_line 'was built without' err; then
        ! left_out "$option" || fail "OTAPACK_$option is OFF, and it does not say so"
        return 1
    fi
    missing=$((missing + 1))
    [ "$status" -eq 2 ] || fail "the exit status is $status"
    expect_one_line_err "was built without $library[^;]*; (build it with that|use one that was built with it)"
    no_out
    no_file made
}

absent DIVSUFSORT libdivsufsort delta app.bin app.bin -o made || :
if absent DIVSUFSORT libdivsufsort build delta.yaml -o made; then
    expect_exit 0 otapack verify "$FIXTURES/delta/good-update.bin"
fi
if absent LZMA liblzma build compress.yaml -o made; then
    for verb in verify inspect 'extract -o made'; do
        # shellcheck disable=SC2086 # a verb and its options
        expect_exit 2 otapack $verb "$PACKED"
        expect_one_line_err 'good-app\.bin: this otapack was built without liblzma, and unpacks no xz; build it with that'
        no_file made
    done
fi
absent P11KIT p11-kit key public 'pkcs11:object=none' || :
absent MICROHTTPD libmicrohttpd serve app.bin --port 0 --timeout 1 || :
# With a newer mbedTLS, nothing is missing without nettle. What cannot be judged is neither right nor wrong.
if lacks sha3; then
    missing=$((missing + 1))
    cp "$FIXTURES/matter/good-sha3-512.bin" ota.bin
    printf '%s' '{"vid": 65521, "pid": 32768, "softwareVersion": 2, "softwareVersionString": "1.4.2", ' \
        "\"otaFileSize\": $(size_of app.bin), \"otaUrl\": \"https://a.example/app.bin\", " \
        '"otaChecksum": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "otaChecksumType": 10}' >entry.json
    while IFS= read -r line; do
        # shellcheck disable=SC2086 # words
        expect_exit 2 otapack $line
        expect_one_line_err ': this otapack was built without (sha3_512|SHA3-256); build it with nettle, or with mbedTLS 3\.5 or newer$'
        no_file made
    done <<'END'
verify ota.bin
inspect ota.bin
extract ota.bin -o made
edit ota.bin --set vendor_id=0xfff2 -o made
diff ota.bin app.bin
publish ota.bin --to folder -o made
verify entry.json
inspect entry.json
END
    expect_exit 2 otapack simulate ota.bin --partition-table "$FIXTURES/partition_table/good-host.bin"
    expect_one_line_err 'built without sha3_512; '
fi
[ "$missing" -gt 0 ] || skip 'otapack was built with all that it can use'
