// SPDX-License-Identifier: Apache-2.0
#include "sign_request.h"

#include <inttypes.h>

#include "scheme.h"
#include "secure_boot.h"
#include "text.h"

static const char *words(struct arena *a, const char *option, const char *value)
{
    return value == NULL ? "" : arena_printf(a, " %s %s", option, text_printable(a, value));
}

// What is to be said last: how the signature comes back. That something is data must always be
// said.
static const char *attach(struct arena *a, const struct sign_request *r)
{
    bool usual = r->scheme->takes == NULL && r->scheme == scheme_for(r->scheme->subject);
    return arena_printf(a,
                        "Then:\n  otapack sign %s%s%s --signature signature.bin \\\n"
                        "      --public-key %s -o signed.bin\n",
                        text_printable(a, r->file),
                        words(a, "--scheme", usual ? NULL : r->scheme->name),
                        words(a, "--part", r->part), text_printable(a, r->key_name));
}

const struct sign_algorithm *sign_request_algorithm(const struct sign_request *r)
{
    return r->scheme->algorithm(r->key);
}

const char *sign_request_key_digest(struct arena *a, const struct sign_request *r)
{
    return r->scheme->sector ? secure_boot_key_digits(r->key, a) : "";
}

uint64_t sign_request_padding(const struct sign_request *r)
{
    return r->scheme->padded ? r->size - r->image_length : 0;
}

static const char *key_digest_line(struct arena *a, const struct sign_request *r)
{
    const char *digest = sign_request_key_digest(a, r);
    return *digest == '\0' ? "" : arena_printf(a, "key_digest: %s\n", digest);
}

static const char *algorithm_lines(struct arena *a, const struct sign_algorithm *how)
{
    const char *salt =
        how->salt_length == 0 ? "" : arena_printf(a, "salt_length: %u\n", how->salt_length);
    return arena_printf(a, "algorithm: %s\n%s", how->text, salt);
}

const char *sign_request_text(struct arena *a, const struct sign_request *r)
{
    const struct pk_type_facts *type = &pk_types[r->key->type];
    const char *data = r->data == NULL ? "data.bin" : text_printable(a, r->data);
    return arena_printf(
        a,
        "scheme: %s\nkey: %s\n%s%sdigest: %s\nsize: %" PRIu64 "\n%s\n"
        "With a key in a file%s:\n%s%s",
        r->scheme->name, type->title, key_digest_line(a, r),
        algorithm_lines(a, sign_request_algorithm(r)), text_hex(a, r->digest, type->digest_size),
        r->size,
        r->scheme->padded ? arena_printf(a, "padding: %" PRIu64 "\n", sign_request_padding(r)) : "",
        r->data == NULL ? " (-o data.bin writes what is signed)" : "",
        r->scheme->commands(a, r, data), attach(a, r));
}
