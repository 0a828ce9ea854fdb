// SPDX-License-Identifier: Apache-2.0
//
// Whose signature an ESP8266 update has: one at most, which its tree has compared with the keys.
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "esp8266_key.h"
#include "esp8266_tree.h"
#include "text.h"
#include "trust_inside.h"

bool trust_fits_esp8266(const struct trusted *x, const struct node *root, const char *where,
                        struct err *e)
{
    const struct trust *t = x->t;
    if (*t->key_digests != NULL || t->first_block) {
        return err_set(e, STATUS_CANNOT,
                       "%s: an ESP8266 has no eFuses with digests of keys; verify its updates with "
                       "--key",
                       where);
    }
    if (*t->keys == NULL && esp8266_signature(root) != NULL) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the signature of an ESP8266 update shows nothing without the key; add "
                       "--key",
                       where);
    }
    return trust_keys_fit(x, key_fits_esp8266, t->needed > 0, e);
}

static void tell(const struct node *signature, const char *where, bool quiet)
{
    struct arena a = ARENA_EMPTY;
    if (!quiet) {
        printf("%s: signature: %s\n", text_printable(&a, where),
               text_printable(&a, signature->summary));
        (void)fflush(stdout); // what is missing is said behind it
    }
    arena_free(&a);
}

static const struct esp8266_key *named(const struct esp8266_key *keys, const char *name)
{
    while (keys != NULL && strcmp(keys->name, name) != 0) {
        keys = keys->next;
    }
    return keys;
}

// What a key says was said as a finding: here, only whether it is the one, by this name or another.
static bool is_by(const struct node *signature, const struct esp8266_key *keys, const char *name)
{
    const struct esp8266_key *signer = named(keys, node_text(signature, "key"));
    const struct esp8266_key *asked = named(keys, name);
    return signer != NULL && asked != NULL && pk_same(&signer->key, &asked->key);
}

static bool holds(const struct trust *t, const struct esp8266_key *keys,
                  const struct node *signature, const char *where)
{
    bool good = true;
    if (signature == NULL) {
        say("%s: is not signed; sign it with otapack sign", where);
        return false;
    }
    tell(signature, where, t->quiet);
    if (t->needed > 1) {
        say("%s: has one signature, as every ESP8266 update, and %u are asked for", where,
            t->needed);
        return false;
    }
    if (t->needed == 1) {
        return node_field(signature, "key") != NULL; // else it was said as a finding
    }
    for (const char **name = t->keys; *name != NULL; name++) {
        if (node_field(signature, "key") != NULL && !is_by(signature, keys, *name)) {
            say("%s: there is no signature by %s; an ESP8266 update has one: verify it with one "
                "key, or with --require 1",
                where, *name);
            good = false;
        }
    }
    return good && (*t->keys == NULL || node_field(signature, "key") != NULL);
}

struct trust_answer trust_ask_esp8266(const struct trusted *x, const struct node *root,
                                      const struct node *part, const char *where, struct arena *a)
{
    const struct node *signature = esp8266_signature(part);
    struct trust_answer answer = {.part = part,
                                  .holds = holds(x->t, trust_keys(x), signature, where)};
    if (signature != NULL) {
        const struct field *key = node_field(signature, "key");
        answer.count = 1;
        answer.signatures[0] = (struct trust_signature){.node = signature,
                                                        .by = key == NULL ? NULL : key->text,
                                                        .has_key = true,
                                                        .counts = key != NULL};
    }
    answer.spans = coverage_of(a, root, part, answer.signatures[0].counts);
    return answer;
}
