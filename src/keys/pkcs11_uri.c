// SPDX-License-Identifier: Apache-2.0
#ifdef OTAPACK_HAVE_P11KIT
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pkcs11_token.h"
#include "text.h"

const char *token_uri_text(struct token *t, P11KitUri *uri, P11KitUriType type)
{
    char *text = NULL;
    if (t->kit->uri_format(uri, type, &text) != P11_KIT_URI_OK || text == NULL) {
        return "?";
    }
    const char *colon = strchr(text, ':');
    const char *copy = arena_string(&t->arena, colon == NULL ? text : colon + 1);
    free(text);
    return copy;
}

// Where a PIN stands in the URI; NULL: nowhere.
static const char *pin_in(const char *uri)
{
    static const char name[] = "pin-value";
    for (; *uri != '\0'; uri++) {
        if (strncasecmp(uri, name, sizeof(name) - 1) == 0) {
            return uri;
        }
    }
    return NULL;
}

// The URI as messages have it: a PIN may stand behind "?", or be put elsewhere by mistake.
const char *token_shown_name(struct token *t, const char *uri)
{
    size_t n = strcspn(uri, "?");
    const char *pin = pin_in(uri);
    n = pin != NULL && (size_t)(pin - uri) < n ? (size_t)(pin - uri) : n;
    while (n > 0 && (uri[n - 1] == ':' || uri[n - 1] == ';')) {
        n--; // a message goes on with a colon
    }
    return text_printable(&t->arena, arena_copy(&t->arena, uri, n));
}

static bool refuse_pin(struct token *t, struct err *e)
{
    return err_set(e, STATUS_CANNOT,
                   "%s: has the PIN in it, where others can see it (pin-value); write it into "
                   "a file and name that: ?pin-source=FILE",
                   t->name);
}

// A module is code that runs in this process. What is asked is what p11-kit has read of the URI and
// would load, for it takes more spellings than this one: a blank in the middle of a name, say.
static bool may_load(struct token *t, struct err *e)
{
    const char *path = t->kit->uri_get_module_path(t->uri);
    const char *const *allowed = t->options.modules;
    while (path != NULL && allowed != NULL && *allowed != NULL && strcmp(*allowed, path) != 0) {
        allowed++;
    }
    return path == NULL || allowed == NULL || *allowed != NULL ||
           err_set(e, STATUS_CANNOT,
                   "%s: names a module to load, %s (module-path), which a recipe may not do by "
                   "itself; register it with p11-kit, or give --allow-module %s",
                   t->name, text_printable(&t->arena, path), text_printable(&t->arena, path));
}

bool token_parse(struct token *t, const char *uri, struct err *e)
{
    if (pin_in(uri) != NULL) {
        return refuse_pin(t, e);
    }
    t->uri = t->kit->uri_new();
    int result = t->kit->uri_parse(uri, P11_KIT_URI_FOR_ANY, t->uri);
    if (result != P11_KIT_URI_OK) {
        return err_set(e, STATUS_CANNOT,
                       "%s: is no PKCS#11 URI: %s; write it as in "
                       "pkcs11:token=NAME;object=NAME?pin-source=FILE",
                       t->name, t->kit->uri_message(result));
    }
    if (t->kit->uri_get_pin_value(t->uri) != NULL) {
        return refuse_pin(t, e);
    }
    return may_load(t, e) &&
           (t->kit->uri_any_unrecognized(t->uri) == 0 ||
            err_set(e, STATUS_CANNOT,
                    "%s: has an attribute that RFC 7512 does not know; leave it out", t->name));
}

#endif
