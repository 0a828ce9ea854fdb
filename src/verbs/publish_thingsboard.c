// SPDX-License-Identifier: Apache-2.0
//
// ThingsBoard: an OTA package for each file, and a script of the requests that make them.
#include "publish_facts.h"
#include "publish_script.h"

static json_t *package(const char *profile, const char *name, const char *version, const char *tag)
{
    json_t *o = json_must(json_object());
    json_t *id = json_must(json_object());
    json_put_text(id, "id", profile);
    json_put_text(id, "entityType", "DEVICE_PROFILE");
    json_put(o, "deviceProfileId", id);
    json_put_text(o, "type", "FIRMWARE");
    json_put_text(o, "title", name);
    json_put_text(o, "version", version);
    json_put_text(o, "tag", tag);
    return o;
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *name, *version;
    const char *sha256 = publish_digest(p, f, DIGEST_SHA256);
    if (sha256 == NULL || !publish_named(p, f, &name, &version)) {
        return false;
    }
    publish_step(p, "upload %s %s", f->name, sha256);
    bool good = publish_copy(p, f, f->name);
    return publish_json(p, arena_printf(f->arena, "%s.json", f->name),
                        package(args_value(p->asked->args, "id"), name, version,
                                arena_printf(f->arena, "%s %s", name, version))) &&
           good;
}

static bool end(struct publishing *p)
{
    return publish_script(
        p,
        &(struct publish_script){
            .tools = "curl and jq",
            .call = "sh publish.sh https://thingsboard.example HEADER",
            .words = "server=${1:?is where ThingsBoard is: https://thingsboard.example}\n"
                     "header=${2:?is a file with a line: X-Authorization: Bearer TOKEN}\n",
            .secret = "header",
            .body =
                "upload() { # upload FILE SHA256\n"
                "    id=$(curl -fsS -H \"@$header\" -H 'Content-Type: application/json' \\\n"
                "        --data-binary \"@$1.json\" \"$server/api/otaPackage\" | jq -er .id.id)\n"
                "    curl -fsS -H \"@$header\" -F \"file=@$1\" \\\n"
                "        \"$server/api/otaPackage/$id?checksum=$2&checksumAlgorithm=SHA256\" "
                ">/dev/null\n"
                "    printf '%s: OTA package %s\\n' \"$1\" \"$id\"\n"
                "}\n\n"});
}

const struct publish_target publish_thingsboard = {
    .topic = {"thingsboard", "OTA packages of ThingsBoard, and the requests"},
    .needs = {"id"},
    .takes = {"name", "release"},
    .writes = true,
    .script = true,
    .add = add,
    .end = end};
