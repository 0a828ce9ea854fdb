# SPDX-License-Identifier: Apache-2.0
# What publish --to oci writes, skopeo copies to a registry (Debian's docker-registry) as it is, and the
# files come back from there: the artifact by its version, what is attached by the subject's digest.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/server-lib.sh"
need skopeo docker-registry curl jq python3

cp "$FIXTURES/matter/good-signed.bin" light.ota
cp "$FIXTURES/esp_image/good-app-esp32h2.bin" h2.bin
printf '{"spdxVersion": "SPDX-2.3"}' >light.spdx.json
printf '{"payloadType": "application/vnd.in-toto+json"}' >light.att.json
expect_exit 0 otapack publish light.ota h2.bin --name lamp --to oci -o oci \
    --attach light.spdx.json --attach light.att.json

free_port
mkdir registry
cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $PWD/registry}}
http: {addr: "127.0.0.1:$PORT"}
END
serve docker-registry serve registry.yml
repository=127.0.0.1:$PORT/lamp
tag=$(jq -r '.manifests[1].annotations["org.opencontainers.image.ref.name"]' oci/index.json)
for name in 1.4.2 "$tag"; do
    skopeo --insecure-policy copy -q --all --dest-tls-verify=false "oci:oci:$name" \
        "docker://$repository:$name" || fail "skopeo does not copy $name"
done

# manifest NAME: as the registry has it.
manifest() {
    curl -fsS -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
        -H 'Accept: application/vnd.oci.image.index.v1+json' \
        "http://127.0.0.1:$PORT/v2/lamp/manifests/$1"
}
blob() { curl -fsS "http://127.0.0.1:$PORT/v2/lamp/blobs/$1"; }

manifest 1.4.2 >artifact.json
digest=$(jq -r '.manifests[0].digest' oci/index.json)
same artifact.json "oci/blobs/sha256/${digest#sha256:}"
jq -r '.layers[] | "\(.annotations["org.opencontainers.image.title"]) \(.digest)"' artifact.json >layers
while read -r name layer; do
    blob "$layer" >came
    same "$name" came
done <layers
count_lines layers
[ "$count" = 2 ] || fail "$count layers"

attached=0
for one in $(manifest "$tag" | jq -r '.manifests[].digest'); do
    manifest "$one" >attachment.json
    jq -e --arg of "$digest" '.subject.digest == $of' attachment.json >/dev/null || fail 'another subject'
    name=$(jq -r '.layers[0].annotations["org.opencontainers.image.title"]' attachment.json)
    blob "$(jq -r '.layers[0].digest' attachment.json)" >came
    same "$name" came
    attached=$((attached + 1))
done
[ "$attached" = 2 ] || fail "$attached attachments"
