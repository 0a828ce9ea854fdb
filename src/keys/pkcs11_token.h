// SPDX-License-Identifier: Apache-2.0
//
// The token that a PKCS#11 URI names: found, opened, logged in to. What fails, fails with status 2.
#ifndef PKCS11_TOKEN_H
#define PKCS11_TOKEN_H

#include "arena.h"
#include "pkcs11_module.h"
#include "pkcs11_options.h"
#include "secret.h"

struct token {
    const char *name; // the URI up to "?", for messages
    const char *label;
    const struct pkcs11_kit *kit;
    P11KitUri *uri;
    struct pkcs11_options options;
    struct pkcs11_modules modules;
    CK_FUNCTION_LIST *module; // whose token it is
    CK_SLOT_ID slot;
    CK_FLAGS flags;
    CK_SESSION_HANDLE session;
    bool in_session, logged_in;
    struct secret pin;
    struct arena arena; // also for what messages quote
};

// The only token that fits, with a session and without a login. After a failure too, it is to be
// closed.
bool token_open(struct token *t, const char *uri, const struct pkcs11_options *o, struct err *e);
void token_close(struct token *t); // logs out, wipes the PIN

// Logs in where the token wants it and it has not been done. The PIN stays, for token_confirm.
bool token_login(struct token *t, struct err *e);

// Logs in for the one operation that was begun, as keys with CKA_ALWAYS_AUTHENTICATE want it.
bool token_confirm(struct token *t, struct err *e);

// Is the token still there? An empty answer of one that is not means nothing.
bool token_is_there(struct token *t, const char *doing, struct err *e);

// Fails for what a function of the module returned: "NAME: cannot DOING: reason; what to do".
bool token_fail(struct token *t, CK_RV rv, const char *doing, struct err *e);

// The URI as messages have it; and read into t->uri. False with `e` set where it is none, has a PIN
// in it, or names a module that must not be loaded.
const char *token_shown_name(struct token *t, const char *uri);
bool token_parse(struct token *t, const char *uri, struct err *e);

// The attributes of `uri` that `type` is about, as they stand in a URI, without "pkcs11:".
const char *token_uri_text(struct token *t, P11KitUri *uri, P11KitUriType type);

// A list for a message: "FIRST, SECOND and N more". Begins with "".
enum { TOKEN_LIST_MOST = 8 };
const char *token_list_add(struct token *t, const char *list, size_t index, size_t count,
                           const char *item);

#endif
