# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Helpers of the tests of push: devices that run ArduinoOTA, played by arduino_ota.py.
. "$SOURCE/tests/cli-lib.sh"

if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi
need "$PYTHON"

# devices NAME...: plays these until the test ends; sets PORT[NAME], and PORT[free], which nobody has.
# What they take and what happens to them is in devices/NAME.took and devices/NAME.log.
declare -A PORT
devices() {
    local name port
    mkdir devices
    coproc PLAYED { exec "$PYTHON" -ISB "$SOURCE/tests/arduino_ota.py" devices "$@" 2>devices/errors; }
    while read -r name port <&"${PLAYED[0]}" && [ "$name" != ready ]; do PORT[$name]=$port; done
    [ "$name" = ready ] || { cat devices/errors; fail 'the devices do not begin'; }
    text_to password <<<'ein Pässwort:1'
    text_to wrong-password <<<'ein Passwort:1'
    chmod 600 password wrong-password
}

# push FILE DEVICE OPTION...: to one of them, once. It has time to answer, unless an option says how
# much: where nothing is to come, and nothing has to come before that.
push() {
    local file=$1 device=$2
    shift 2
    [[ " $*" == *' --retry '* ]] || set -- --retry 0 "$@"
    [[ " $*" == *' --timeout '* ]] || set -- --timeout 30 "$@"
    otapack push "$file" --host 127.0.0.1 --port "${PORT[$device]}" "$@"
}

# took DEVICE FILE COMMAND: it has the file, as what the number says.
took() {
    same "devices/$1.took" "$2"
    has_line "^took command $3\$" "devices/$1.log" || fail "$1 took it as something else"
}
