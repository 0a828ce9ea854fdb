// SPDX-License-Identifier: Apache-2.0
#ifdef OTAPACK_HAVE_P11KIT
#include "pkcs11_token.h"

#include <string.h>

#include "secret_memory.h"
#include "text.h"

enum { SLOTS_MOST = 64 };

// ---- Messages -----------------------------------------------------------------------------------

#define REMOVED "the token was removed, or does not answer any more; insert it and try again"

static const struct reason {
    CK_RV rv;
    const char *text; // what is wrong; what to do
} reasons[] = {
    {CKR_DEVICE_REMOVED, REMOVED},
    {CKR_TOKEN_NOT_PRESENT, REMOVED},
    {CKR_TOKEN_NOT_RECOGNIZED, REMOVED},
    {CKR_DEVICE_ERROR, REMOVED},
    {CKR_SLOT_ID_INVALID, REMOVED},
    {CKR_SESSION_CLOSED, REMOVED},
    {CKR_SESSION_HANDLE_INVALID, REMOVED},
    {CKR_OBJECT_HANDLE_INVALID, REMOVED},
    {CKR_KEY_HANDLE_INVALID, REMOVED},
    {CKR_PIN_LOCKED, "the PIN is locked; unlock it with the token's SO PIN or PUK"},
    {CKR_PIN_EXPIRED, "the PIN has expired; set a new one with the token's own tool"},
    {CKR_USER_PIN_NOT_INITIALIZED,
     "the token has no user PIN yet; set one with the token's own tool"},
    {CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
     "the token's security officer is logged in; log that one out and try again"},
    {CKR_FUNCTION_CANCELED, "it was cancelled at the token; try again"},
    {CKR_MECHANISM_INVALID,
     "the token cannot make such signatures; Secure Boot takes only RSA-PSS with SHA-256, and "
     "ECDSA, so use another token"},
    {CKR_MECHANISM_PARAM_INVALID,
     "the token cannot make RSA-PSS signatures with SHA-256 and a salt of 32 bytes; use another "
     "token"},
    {CKR_KEY_FUNCTION_NOT_PERMITTED,
     "the key must not sign (CKA_SIGN is false); name one that may"},
    {CKR_KEY_TYPE_INCONSISTENT, "the key is not for such signatures; name another one"},
    {CKR_USER_NOT_LOGGED_IN, "the token wants a login for this; check how the key is set up"},
};

// Modules call a token that is gone by many names, some of them only "error".
static bool is_gone(const struct token *t)
{
    CK_TOKEN_INFO info;
    return t->in_session && t->module->C_GetTokenInfo(t->slot, &info) != CKR_OK;
}

bool token_fail(struct token *t, CK_RV rv, const char *doing, struct err *e)
{
    rv = is_gone(t) ? CKR_DEVICE_REMOVED : rv;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].rv == rv) {
            return err_set(e, STATUS_CANNOT, "%s: cannot %s: %s", t->name, doing, reasons[i].text);
        }
    }
    return err_set(e, STATUS_CANNOT,
                   "%s: cannot %s: %s (PKCS#11 error 0x%lx); check the token and its module",
                   t->name, doing, t->kit->strerror(rv), rv);
}

const char *token_list_add(struct token *t, const char *list, size_t index, size_t count,
                           const char *item)
{
    if (index < TOKEN_LIST_MOST) {
        return arena_printf(&t->arena, "%s%s%s", list, index == 0 ? "" : ", ", item);
    }
    return index > TOKEN_LIST_MOST
               ? list
               : arena_printf(&t->arena, "%s and %zu more", list, count - TOKEN_LIST_MOST);
}

// ---- Finding the token --------------------------------------------------------------------------

struct place {
    CK_FUNCTION_LIST *module;
    CK_SLOT_ID slot;
    CK_TOKEN_INFO info;
    bool fits; // the URI
};

struct places {
    struct place *all; // SLOTS_MOST
    size_t count, fitting;
};

static bool slot_fits(const struct token *t, CK_FUNCTION_LIST *module, CK_SLOT_ID slot)
{
    CK_INFO info;
    CK_SLOT_INFO slot_info;
    CK_SLOT_ID wanted = t->kit->uri_get_slot_id(t->uri);
    return (wanted == (CK_SLOT_ID)-1 || wanted == slot) && module->C_GetInfo(&info) == CKR_OK &&
           t->kit->uri_match_module_info(t->uri, &info) == 1 &&
           module->C_GetSlotInfo(slot, &slot_info) == CKR_OK &&
           t->kit->uri_match_slot_info(t->uri, &slot_info) == 1;
}

static void look_into(const struct token *t, CK_FUNCTION_LIST *module, struct places *places)
{
    CK_SLOT_ID slots[SLOTS_MOST];
    CK_ULONG n = SLOTS_MOST;
    if (module->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK) {
        return; // other modules may have the token
    }
    for (CK_ULONG i = 0; i < n && places->count < SLOTS_MOST; i++) {
        struct place *p = &places->all[places->count];
        *p = (struct place){.module = module, .slot = slots[i]};
        if (module->C_GetTokenInfo(p->slot, &p->info) != CKR_OK ||
            (p->info.flags & CKF_TOKEN_INITIALIZED) == 0) {
            continue;
        }
        p->fits =
            slot_fits(t, module, p->slot) && t->kit->uri_match_token_info(t->uri, &p->info) == 1;
        places->fitting += p->fits;
        places->count++;
    }
}

static const char *place_text(struct token *t, const struct place *p)
{
    P11KitUri *uri = t->kit->uri_new();
    CK_TOKEN_INFO *info = t->kit->uri_get_token_info(uri);
    memcpy(info->label, p->info.label, sizeof(info->label));
    memcpy(info->serialNumber, p->info.serialNumber, sizeof(info->serialNumber));
    const char *text = token_uri_text(t, uri, P11_KIT_URI_FOR_TOKEN);
    t->kit->uri_free(uri);
    return text;
}

static const char *places_text(struct token *t, const struct places *places, bool all)
{
    const char *list = "";
    size_t listed = 0, count = all ? places->count : places->fitting;
    for (size_t i = 0; i < places->count; i++) {
        if (all || places->all[i].fits) {
            const char *item = place_text(t, &places->all[i]);
            list = token_list_add(t, list, listed++, count, item);
        }
    }
    return list;
}

static bool only_place(struct token *t, const struct places *places, struct err *e)
{
    if (places->fitting == 1) {
        return true;
    }
    if (places->fitting > 1) {
        return err_set(e, STATUS_CANNOT, "%s: %zu tokens fit; name one of them: %s", t->name,
                       places->fitting, places_text(t, places, false));
    }
    if (places->count > 0) {
        return err_set(e, STATUS_CANNOT, "%s: there is no such token; these are there: %s", t->name,
                       places_text(t, places, true));
    }
    return err_set(e, STATUS_CANNOT,
                   "%s: there is no token at all; insert it, or name its PKCS#11 module with "
                   "?module-path=FILE",
                   t->name);
}

static void take_place(struct token *t, const struct place *p)
{
    size_t n = sizeof(p->info.label);
    while (n > 0 && (p->info.label[n - 1] == ' ' || p->info.label[n - 1] == '\0')) {
        n--;
    }
    t->module = p->module;
    t->slot = p->slot;
    t->flags = p->info.flags;
    t->label = text_printable(&t->arena, arena_copy(&t->arena, (const char *)p->info.label, n));
}

static bool find_token(struct token *t, struct err *e)
{
    struct places places = {.all = arena_alloc(&t->arena, SLOTS_MOST * sizeof(struct place))};
    for (size_t i = 0; t->modules.list[i] != NULL; i++) {
        look_into(t, t->modules.list[i], &places);
    }
    if (!only_place(t, &places, e)) {
        return false;
    }
    for (size_t i = 0; i < places.count; i++) {
        if (places.all[i].fits) {
            take_place(t, &places.all[i]);
        }
    }
    return true;
}

bool token_open(struct token *t, const char *uri, const struct pkcs11_options *o, struct err *e)
{
    *t = (struct token){.options = *o};
    secret_guard(); // modules have secrets of their own, too
    t->name = token_shown_name(t, uri);
    t->kit = pkcs11_kit(t->name, e);
    if (t->kit == NULL || !token_parse(t, uri, e) ||
        !pkcs11_modules_open(t->kit, t->uri, t->name, &t->modules, e) || !find_token(t, e)) {
        return false;
    }
    CK_RV rv = t->module->C_OpenSession(t->slot, CKF_SERIAL_SESSION, NULL, NULL, &t->session);
    t->in_session = rv == CKR_OK;
    return t->in_session || token_fail(t, rv, "open the token", e);
}

void token_close(struct token *t)
{
    secret_wipe(&t->pin);
    if (t->logged_in) {
        (void)t->module->C_Logout(t->session);
    }
    if (t->in_session) {
        (void)t->module->C_CloseSession(t->session);
    }
    if (t->kit != NULL) {
        pkcs11_modules_close(t->kit, &t->modules);
        t->kit->uri_free(t->uri);
    }
    arena_free(&t->arena);
    *t = (struct token){0};
}

bool token_is_there(struct token *t, const char *doing, struct err *e)
{
    return !is_gone(t) || token_fail(t, CKR_DEVICE_REMOVED, doing, e);
}

// ---- The PIN ------------------------------------------------------------------------------------

// pin-source is a path, or a file: URI.
static bool pin_of_source(struct token *t, const char *source, struct err *e)
{
    if (*source == '|') {
        return err_set(e, STATUS_CANNOT,
                       "%s: its pin-source is a command, which otapack does not run; write the PIN "
                       "into a file, or set OTAPACK_PIN",
                       t->name);
    }
    if (strncmp(source, "file:", 5) == 0) {
        source += 5;
        source += strncmp(source, "//localhost/", 12) == 0 ? 11 : 0;
        source += strncmp(source, "///", 3) == 0 ? 2 : 0;
    }
    return secret_line_of_file(source, &t->pin, e);
}

static bool get_pin(struct token *t, struct err *e)
{
    const char *source = t->kit->uri_get_pin_source(t->uri);
    if (t->pin.bytes != NULL) {
        return true;
    }
    if (t->options.pin != NULL) {
        return secret_copy(t->options.pin, &t->pin) || err_set(e, STATUS_CANNOT, "out of memory");
    }
    if (source != NULL) {
        return pin_of_source(t, source, e);
    }
    return secret_of_environment("OTAPACK_PIN", &t->pin) ||
           secret_ask(arena_printf(&t->arena, "PIN of the token '%s'", t->label),
                      "name a file with ?pin-source=FILE, or set OTAPACK_PIN", &t->pin, e);
}

static bool is_wrong_pin(CK_RV rv)
{
    return rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LEN_RANGE || rv == CKR_PIN_INVALID;
}

// What the token says of the tries that are left, now that one has failed.
static bool fail_pin(struct token *t, struct err *e)
{
    CK_TOKEN_INFO info;
    if (t->module->C_GetTokenInfo(t->slot, &info) != CKR_OK) {
        return token_fail(t, CKR_DEVICE_REMOVED, "log in", e);
    }
    const char *left = (info.flags & CKF_USER_PIN_LOCKED) != 0
                           ? "and the token has locked it; unlock it with the SO PIN or PUK"
                       : (info.flags & CKF_USER_PIN_FINAL_TRY) != 0
                           ? "and one try is left before the token locks it; check it"
                           : "for this token; check it";
    return err_set(e, STATUS_CANNOT, "%s: the PIN is wrong %s", t->name, left);
}

static bool login(struct token *t, CK_USER_TYPE user, struct err *e)
{
    CK_RV rv;
    if ((t->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
        say("%s: enter the PIN at the token's own keypad", t->name);
        rv = t->module->C_Login(t->session, user, NULL, 0);
    } else if (get_pin(t, e)) {
        rv = t->module->C_Login(t->session, user, (unsigned char *)t->pin.bytes,
                                strlen(t->pin.bytes));
    } else {
        return false;
    }
    if (is_wrong_pin(rv)) {
        return fail_pin(t, e);
    }
    return rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN || token_fail(t, rv, "log in", e);
}

bool token_login(struct token *t, struct err *e)
{
    if (t->logged_in || (t->flags & CKF_LOGIN_REQUIRED) == 0) {
        return true;
    }
    if ((t->flags & CKF_USER_PIN_LOCKED) != 0) {
        return token_fail(t, CKR_PIN_LOCKED, "log in", e);
    }
    if ((t->flags & CKF_USER_PIN_FINAL_TRY) != 0) {
        say("%s: warning: one try is left; if this PIN is wrong, the token locks it", t->name);
    }
    t->logged_in = login(t, CKU_USER, e);
    return t->logged_in;
}

bool token_confirm(struct token *t, struct err *e)
{
    return login(t, CKU_CONTEXT_SPECIFIC, e);
}

#endif
