# SPDX-License-Identifier: Apache-2.0
# The status for what is wrong with a file that a verb is about: 2 where it cannot be read, and 1
# where it was read and is not what it should be; the same for each of them, of every verb.
. "$SOURCE/tests/cli-lib.sh"

good=$FIXTURES/esp_image/good-app-esp32.bin
key=$FIXTURES/keys/rsa3072-a.pem
table=$FIXTURES/partition_table/good-host.bin
mkdir folder
: >empty.bin
cut_bytes "$good" 0 100 >short.bin
printf 'hello\n' >text.bin
cp "$good" changed.bin
poke changed.bin 300 $(($(u8 changed.bin 300) ^ 1))

lacks_delta() { ! otapack delta "$good" "$good" -q -o made 2>err && grep -q libdivsufsort err; }

# The command lines; FILE is what is wrong in them.
while IFS= read -r line; do
    [ -n "$line" ] || continue
    case $line in
        delta*) ! lacks_delta || continue ;;
    esac
    for file in missing.bin folder empty.bin short.bin text.bin changed.bin; do
        status=1
        case $file in missing.bin | folder) status=2 ;; esac
        # shellcheck disable=SC2086 # words
        expect_exit $status otapack ${line//FILE/$file}
        rm -rf made
    done
done <<END
inspect FILE
verify FILE
verify $good FILE
extract FILE -o made
edit FILE --set vendor_id=1 -o made
simulate FILE --partition-table $table
publish FILE --to hosted --url https://a.example/ -o made
publish FILE --to esphome -o made
push FILE --host 127.0.0.1 --port 9
delta FILE $good -o made
delta $good FILE -o made
diff FILE $good
diff $good FILE
END

# What could be signed as data is no app: that wants another option.
for file in short.bin changed.bin; do
    expect_exit 1 otapack sign $file --key "$key" -o made
done
for file in missing.bin folder empty.bin text.bin; do
    expect_exit 2 otapack sign $file --key "$key" -o made
done

# What an option gives is no subject of the question: where it cannot be used, there is no answer.
while IFS= read -r line; do
    for file in missing.bin folder empty.bin short.bin text.bin; do
        # shellcheck disable=SC2086 # words
        expect_exit 2 otapack ${line//FILE/$file}
    done
done <<END
verify $good --key FILE
verify $good --partition-table FILE
verify $good --running FILE
verify $good --policy FILE
verify $good --device FILE
verify $FIXTURES/delta/good-update.bin --base FILE
sign $good --key FILE -o made
build FILE -o made
key digest FILE
END
