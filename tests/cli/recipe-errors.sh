# SPDX-License-Identifier: Apache-2.0
# Faults of a recipe: status 2, one line, FILE:LINE:COLUMN of the very key or value, what is wrong,
# and the key that was probably meant. Nothing is built.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES"/esp_image/good-app-esp32s3.bin app.bin
copy_rcp rcp

# wrong LINE:COLUMN REGEX, the recipe on stdin. "-": what is missing has no place.
wrong() {
    text_to recipe.yaml
    recipe_refused "$@"
}

# Keys nobody took.
wrong 2:1 'ouput.*output' <<'END'
otapack: 1
ouput: ota.bin
app: app.bin
END
wrong 4:3 'bild_dir.*build_dir' <<'END'
otapack: 1
output: ota.bin
rcp:
  bild_dir: somewhere
END
wrong 3:1 'xyzzy' <<'END'
otapack: 1
app: app.bin
xyzzy: 1
END
wrong '4:[0-9]+' 'firmwear.*firmware' <<'END'
otapack: 1
rcp:
  build_dir: rcp
  flash_args: [firmwear: 0x10000]
END

# The version of the schema.
wrong - 'otapack' <<'END'
output: ota.bin
app: app.bin
END
wrong 1:10 'otapack' <<'END'
otapack: 2
app: app.bin
END
wrong 1:10 'otapack' <<'END'
otapack: one
app: app.bin
END

# Types.
wrong 2:9 'output' <<'END'
otapack: 1
output: [ota.bin]
app: app.bin
END
wrong 2:6 'app' <<'END'
otapack: 1
app: {file: app.bin}
END
wrong 2:6 'rcp' <<'END'
otapack: 1
rcp: build
END
wrong 3:8 'allow' <<'END'
otapack: 1
app: app.bin
allow: {esp-hash: yes}
END
wrong '3:[0-9]+' 'many' <<'END'
otapack: 1
flash:
  size: many
  parts:
    - 0x0: app.bin
END
wrong '4:[0-9]+' 'parts|0xzz' <<'END'
otapack: 1
flash:
  parts:
    - 0xzz: app.bin
END
wrong '2:[0-9]+' 'app' <<'END'
otapack: 1
app:
END

# What there must be exactly one of.
wrong '3:[0-9]+' 'app.*image|image.*app' <<'END'
otapack: 1
app: app.bin
image: app.bin
END
wrong - 'app|image|rcp|flash' <<'END'
otapack: 1
output: ota.bin
END
wrong '3:1' 'app' <<'END'
otapack: 1
app: app.bin
app: app.bin
END
wrong '4:3' 'build_dir' <<'END'
otapack: 1
rcp:
  build_dir: a
  build_dir: b
END

# Files: at the value that names them.
wrong 2:6 'nofile\.bin' <<'END'
otapack: 1
app: nofile.bin
END
mkdir a-folder
wrong 2:6 'a-folder' <<'END'
otapack: 1
app: a-folder
END
wrong 3:14 'nowhere' <<'END'
otapack: 1
rcp:
  build_dir: nowhere
END

# Names.
wrong 2:6 'OTAPACK_TEST_UNSET' <<'END'
otapack: 1
app: ${OTAPACK_TEST_UNSET}/app.bin
END
wrong 2:6 '\$\{|closed|unterminated|\}' <<'END'
otapack: 1
app: ${HOME
END
wrong 2:9 'app\.desc\.versoin.*version' <<'END'
otapack: 1
output: ota-${app.desc.versoin}.bin
app: app.bin
END

# YAML itself.
wrong '[0-9]+:[0-9]+' '.' <<'END'
otapack: 1
app: [app.bin
END
wrong '[0-9]+:[0-9]+' '.' <<'END'
otapack: 1
	app: app.bin
END
wrong '[0-9]+:[0-9]+' '.' <<'END'
- otapack: 1
- app: app.bin
END
wrong '[0-9]+:[0-9]+' '.' <<'END'
just some words
END
wrong - '.' </dev/null
wrong '[0-9]+:[0-9]+' '.' <<'END'
otapack: 1
app: "app.bin
END

# Not text at all; a billion laughs; nested without end: refused soon, not eaten.
wrong - '.' <app.bin
{
    echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
    for pair in 'b a' 'c b' 'd c' 'e d' 'f e' 'g f' 'h g' 'i h' 'j i'; do
        one=${pair%% *} of=${pair#* }
        echo "$one: &$one [*$of, *$of, *$of, *$of, *$of, *$of, *$of, *$of, *$of, *$of]"
    done
    echo 'otapack: 1'
} >laughs.yaml
expect_exit 2 timeout 20 "$OTAPACK" build laughs.yaml -o ota.bin
head -c 100000 /dev/zero | tr '\0' '[' >deep.yaml
expect_exit 2 timeout 20 "$OTAPACK" build deep.yaml -o ota.bin
expect_err '^otapack: deep\.yaml:[0-9]+:[0-9]+: '

# The recipe itself.
expect_exit 2 otapack build norecipe.yaml
expect_one_line_err
expect_err 'norecipe\.yaml'
expect_exit 2 otapack build a-folder
expect_one_line_err
no_file ota.bin
