// SPDX-License-Identifier: Apache-2.0
//
// Eclipse hawkBit: a software module for each file, which is its artifact, and a script of the
// requests that make them.
#include "publish_facts.h"
#include "publish_script.h"

static bool add(struct publishing *p, const struct published *f)
{
    const char *name, *version;
    const char *md5 = publish_digest(p, f, DIGEST_MD5);
    const char *sha256 = publish_digest(p, f, DIGEST_SHA256);
    if (md5 == NULL || sha256 == NULL || !publish_named(p, f, &name, &version)) {
        return false;
    }
    json_t *modules = json_must(json_array());
    json_t *o = json_must(json_object());
    json_put_text(o, "name", name);
    json_put_text(o, "version", version);
    json_put_text(o, "type", "os");
    json_put_text(o, "description", f->root->summary);
    json_add(modules, o);
    publish_step(p, "upload %s %s %s", f->name, md5, sha256);
    bool good = publish_copy(p, f, f->name);
    return publish_json(p, arena_printf(f->arena, "%s.json", f->name), modules) && good;
}

static bool end(struct publishing *p)
{
    return publish_script(
        p,
        &(struct publish_script){
            .tools = "curl and jq",
            .call = "sh publish.sh https://hawkbit.example NETRC",
            .words = "server=${1:?is where hawkBit is: https://hawkbit.example}\n"
                     "netrc=${2:?is a file with a line: machine HOST login NAME password WORD}\n",
            .secret = "netrc",
            .body = "upload() { # upload FILE MD5 SHA256\n"
                    "    id=$(curl -fsS --netrc-file \"$netrc\" --data-binary \"@$1.json\" \\\n"
                    "        -H 'Content-Type: application/json' \\\n"
                    "        \"$server/rest/v1/softwaremodules\" | jq -er '.[0].id')\n"
                    "    curl -fsS --netrc-file \"$netrc\" -F \"file=@$1\" -F \"filename=$1\" \\\n"
                    "        -F \"md5sum=$2\" -F \"sha256sum=$3\" \\\n"
                    "        \"$server/rest/v1/softwaremodules/$id/artifacts\" >/dev/null\n"
                    "    printf '%s: software module %s\\n' \"$1\" \"$id\"\n"
                    "}\n\n"});
}

const struct publish_target publish_hawkbit = {
    .topic = {"hawkbit", "software modules of Eclipse hawkBit, and the requests"},
    .takes = {"name", "release"},
    .writes = true,
    .script = true,
    .add = add,
    .end = end};
