# SPDX-License-Identifier: Apache-2.0
# Values from outside a recipe: --set replaces or adds a key, ${NAME} comes from -D or the
# environment, ${app...} and ${rcp...} from the inputs' own trees.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
esp_text app.bin $AT_VERSION 3.1.4
esp_text app.bin $AT_PROJECT thread_br
reference_build "$RCP" br.expected app.bin

# -D, the environment; -D wins; a name more than once and amid text; $$ and a lone $ are not names.
text_to recipe.yaml <<'END'
otapack: 1
output: ${NAME}.bin
app: ${APP_DIR}/app.bin
END
expect_exit 0 otapack build recipe.yaml -D NAME=one -D APP_DIR=.
same app.bin one.bin
expect_exit 0 env NAME=two APP_DIR=. "$OTAPACK" build recipe.yaml
same app.bin two.bin
expect_exit 0 env NAME=no APP_DIR=. "$OTAPACK" build recipe.yaml -DNAME=three
same app.bin three.bin
no_file no.bin
expect_exit 0 otapack build recipe.yaml -D NAME=a=b -D APP_DIR=.
same app.bin a=b.bin
expect_exit 2 otapack build recipe.yaml -D NAME=x
expect_err '^otapack: recipe\.yaml:3:6: .*APP_DIR'
for bad in NAME =x '' '1 2=x'; do
    expect_exit 2 otapack build recipe.yaml -D "$bad" -D APP_DIR=.
    expect_err '^otapack: .'
done

# From the trees of the inputs.
text_to tree.yaml <<END
otapack: 1
output: \${app.desc.project_name}-\${app.desc.version}-\${app.chip}-\${rcp.firmware.chip}.bin
app: app.bin
rcp: {build_dir: "$RCP"}
END
expect_exit 0 otapack build tree.yaml
same br.expected thread_br-3.1.4-esp32s3-esp32h2.bin
text_to tree.yaml <<END
otapack: 1
output: rcp-\${rcp.firmware.desc.project_name}.bin
rcp: {build_dir: "$RCP"}
END
expect_exit 0 otapack build tree.yaml
name=$(cut_bytes "$RCP/esp_ot_rcp.bin" $AT_PROJECT 32 | tr -d '\0')
[ -f "rcp-$name.bin" ] || fail "no rcp-$name.bin"
text_to tree.yaml <<'END'
otapack: 1
output: x-${app.desc.version}.bin
image: app.bin
END
expect_exit 2 otapack build tree.yaml
expect_err '^otapack: tree\.yaml:2:9: .*app'

# --set: replaces, adds, goes down; more than once; an unknown key gets the nearest one.
text_to set.yaml <<'END'
otapack: 1
output: first.bin
app: app.bin
END
expect_exit 0 otapack build set.yaml --set output=second.bin
same app.bin second.bin
no_file first.bin
expect_exit 0 otapack build set.yaml --set "rcp.build_dir=$RCP" --set=output=third.bin
same br.expected third.bin
expect_exit 0 otapack build set.yaml --set 'output=${WHAT}.bin' -D WHAT=fourth
same app.bin fourth.bin
expect_exit 2 otapack build set.yaml --set outptu=x.bin
expect_one_line_err
expect_err 'outptu.*output'
expect_exit 2 otapack build set.yaml --set rcp.bild_dir=x
expect_one_line_err
expect_err 'bild_dir.*build_dir'
for bad in output =x ''; do
    expect_exit 2 otapack build set.yaml --set "$bad"
    expect_err '^otapack: .'
done
expect_exit 2 otapack build set.yaml --set app=nofile.bin
expect_err 'nofile\.bin'
no_file x.bin
no_file first.bin

# Recipe options have no meaning without a recipe.
expect_exit 2 otapack build --rcp-build-dir "$RCP" --target-file x.bin --set app=app.bin
expect_exit 2 otapack build --rcp-build-dir "$RCP" --target-file x.bin -D A=b
no_file x.bin
