// SPDX-License-Identifier: Apache-2.0
//
// AWS IoT: the list of files that create-ota-update takes, for a device that verifies a signature
// of your own over the whole file (customCodeSigning), and a script that uploads and creates. What
// the signature is worth is known before anybody is told of it.
#include <string.h>

#include "base64.h"
#include "digest_span.h"
#include "input.h"
#include "key.h"
#include "publish_facts.h"
#include "publish_script.h"
#include "publish_url.h"
#include "text.h"

enum { SIGNATURE_MOST = PK_MAX_NUMBERS };

struct detached {
    struct pk_public key;
    uint8_t bytes[SIGNATURE_MOST]; // as it is sent
    size_t size;
};

static bool read_signature(const char *file, struct detached *d, struct err *e)
{
    struct input *in = input_open(file, e);
    if (in == NULL) {
        return false;
    }
    struct otapack_source src = input_source(in);
    bool fits = src.size > 0 && src.size <= sizeof(d->bytes);
    d->size = fits ? (size_t)src.size : 0;
    bool good = fits ? otapack_read(&src, 0, d->bytes, d->size, "").code == OTAPACK_OK
                     : err_set(e, STATUS_CANNOT,
                               "%s: is no signature; give RSA's bytes, or ECDSA's DER", file);
    good = input_good(in, e) && good;
    input_close(in);
    return good;
}

// The devices' libraries hash with SHA-256, and know RSA of PKCS#1 v1.5 and the curve P-256.
static bool holds(const struct published *f, const struct detached *d)
{
    uint8_t digest[DIGEST_MAX_SIZE], numbers[PK_MAX_NUMBERS];
    bool rsa = pk_is_rsa(d->key.type);
    if (!digest_of(DIGEST_SHA256, &f->root->src, digest)) {
        return false;
    }
    if (rsa && d->size == pk_types[d->key.type].signature_size) {
        return pk_verify(&d->key, PK_PKCS1, DIGEST_SHA256, digest, d->bytes);
    }
    return !rsa && pk_signature_of_der(d->key.type, d->bytes, d->size, numbers) &&
           pk_verify(&d->key, PK_STANDARD, DIGEST_SHA256, digest, numbers);
}

static bool take_signature(const struct publishing *p, const struct published *f,
                           struct detached *d)
{
    const struct args *args = p->asked->args;
    const char *file = args_value(args, "signature"), *key = args_value(args, "signature-key");
    struct key_options public = {.quiet = true, .public_only = true};
    if (!read_signature(file, d, p->e) || !key_public(key, &public, &d->key, p->e)) {
        return false;
    }
    if (!pk_is_rsa(d->key.type) && d->key.type != PK_P256) {
        return err_set(p->e, STATUS_CANNOT, "%s: is %s; AWS IoT's code signatures are RSA or P-256",
                       key, pk_types[d->key.type].title);
    }
    return holds(f, d) || err_set(p->e, STATUS_NO,
                                  "%s: is not a signature of %s with the key %s; sign the file as "
                                  "it is, by SHA-256",
                                  file, f->file, key);
}

// The bucket and the key in it of s3://BUCKET/KEY, which goes into a script.
static bool take_place(const struct publishing *p, const struct published *f, const char **bucket,
                       const char **key)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "._+-/";
    const char *place = f->url + strlen("s3://");
    const char *slash = publish_url_is(f->url, "s3://") ? strchr(place, '/') : NULL;
    if (slash == NULL || slash == place || slash[1] == '\0' ||
        strspn(place, letters) != strlen(place)) {
        return err_set(p->e, STATUS_CANNOT,
                       "--url %s: write s3://BUCKET/KEY, of letters, digits and . _ + - /",
                       text_printable(f->arena, f->url));
    }
    *bucket = arena_copy(f->arena, place, (size_t)(slash - place));
    *key = slash + 1;
    return true;
}

static json_t *code_signing(const struct publishing *p, const struct published *f,
                            const struct detached *d)
{
    json_t *custom = json_must(json_object()), *outer = json_must(json_object());
    json_t *signature = json_must(json_object()), *chain = json_must(json_object());
    json_put_text(signature, "inlineDocument", base64(f->arena, d->bytes, d->size));
    json_put_text(chain, "certificateName", args_value(p->asked->args, "certificate"));
    json_put(custom, "signature", signature);
    json_put(custom, "certificateChain", chain);
    json_put_text(custom, "hashAlgorithm", "SHA256");
    json_put_text(custom, "signatureAlgorithm", pk_is_rsa(d->key.type) ? "RSA" : "ECDSA");
    json_put(outer, "customCodeSigning", custom);
    return outer;
}

static bool add(struct publishing *p, const struct published *f)
{
    struct detached d;
    const char *bucket = "", *key = "", *version = publish_version(p, f);
    if (!take_place(p, f, &bucket, &key) || !take_signature(p, f, &d)) {
        return false;
    }
    json_t *o = json_must(json_object()), *place = json_must(json_object());
    json_t *location = json_must(json_object()), *files = json_must(json_array());
    json_put_text(o, "fileName", f->name);
    json_put_text(o, "fileVersion", *version == '\0' ? NULL : version);
    json_put_text(place, "bucket", bucket);
    json_put_text(place, "key", key);
    json_put(location, "s3Location", place);
    json_put(o, "fileLocation", location);
    json_put(o, "codeSigning", code_signing(p, f, &d));
    json_add(files, o);
    publish_step(p, "aws s3 cp %s %s", f->name, f->url);
    publish_step(p, "aws iot create-ota-update --ota-update-id \"$id\" --targets \"$target\" \\\n"
                    "    --role-arn \"$role\" --files file://files.json");
    bool good = publish_copy(p, f, f->name);
    return publish_json(p, "files.json", files) && good;
}

static bool end(struct publishing *p)
{
    return publish_script(
        p, &(struct publish_script){.tools = "the AWS command line (aws)",
                                    .call = "sh publish.sh UPDATE-ID TARGET-ARN ROLE-ARN",
                                    .words = "id=${1:?is a new name for the update}\n"
                                             "target=${2:?is the ARN of a thing or a group}\n"
                                             "role=${3:?is the ARN of the role of OTA updates}\n",
                                    .body = ""});
}

const struct publish_target publish_aws_iot = {
    .topic = {"aws-iot", "an OTA update of AWS IoT, with your own code signature"},
    .needs = {"url", "signature", "signature-key", "certificate"},
    .takes = {"release"},
    .writes = true,
    .script = true,
    .one = true,
    .add = add,
    .end = end};
