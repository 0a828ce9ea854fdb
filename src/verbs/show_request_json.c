// SPDX-License-Identifier: Apache-2.0
#include "base64.h"
#include "json.h"
#include "scheme.h"
#include "show_request.h"
#include "text.h"

static json_t *algorithm_json(const struct sign_algorithm *how)
{
    json_t *object = json_must(json_object());
    json_put_text(object, "text", how->text);
    json_put_text(object, "hash", how->hash);
    json_put_text(object, "padding", how->padding);
    json_put_text(object, "mgf", how->mgf);
    if (how->mgf != NULL) {
        json_put(object, "salt_length", json_number(how->salt_length));
    } else if (how->padding != NULL) {
        json_put(object, "digest_info", json_boolean(how->digest_info));
    }
    return object;
}

static json_t *digest_json(struct arena *a, const struct sign_request *r)
{
    json_t *object = json_must(json_object());
    size_t size = pk_types[r->key->type].digest_size;
    json_put_text(object, "hex", text_hex(a, r->digest, size));
    json_put_text(object, "base64", base64(a, r->digest, size));
    return object;
}

void show_request_json(struct arena *a, const struct sign_request *r)
{
    json_t *object = json_must(json_object());
    const char *key_digest = sign_request_key_digest(a, r);
    json_put(object, "otapack", json_number(1));
    json_put_text(object, "file", r->file);
    json_put_text(object, "part", r->part);
    json_put_text(object, "data", r->data);
    json_put_text(object, "scheme", r->scheme->name);
    json_put_text(object, "key", pk_types[r->key->type].name);
    json_put_text(object, "key_digest", *key_digest == '\0' ? NULL : key_digest);
    json_put(object, "algorithm", algorithm_json(sign_request_algorithm(r)));
    json_put(object, "digest", digest_json(a, r));
    json_put(object, "size", json_number(r->size));
    json_put(object, "padding", json_number(sign_request_padding(r)));
    json_print(object);
}
