// SPDX-License-Identifier: Apache-2.0
//
// A PKCS#11 module for tests: SoftHSM's token with troubles that SoftHSM itself does not have.
//   SHIM_MODULE   the path of libsofthsm2.so
//   SHIM          which trouble:
//       locked    the PIN is locked from the start
//       locks     the last try is left, and a wrong PIN locks it
//       final     a wrong PIN leaves one try
//       keypad    the PIN is entered at the token: 1234
//       no-pin    there is no user PIN yet
//       removed   the token is gone when it should sign, decrypt or derive
//       error     then it fails with an error that only the vendor knows
//       secret    what is derived may not leave the token
//       short     signatures are a byte short
//       no-pss    there is no RSA-PSS
//       raw       CKA_EC_POINT is a point without the OCTET STRING around it
//   SHIM_SEEN     a file that gets the environment which the module sees: its variables, and
//                 /proc/self/environ; when it is loaded, and when it logs in
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST own;
static CK_FUNCTION_LIST *real;
static bool gone;   // the token was removed
static bool failed; // a login did

static bool is(const char *trouble)
{
    const char *wanted = getenv("SHIM");
    return wanted != NULL && strcmp(wanted, trouble) == 0;
}

extern char **environ;

static void note_environment(const char *when)
{
    const char *name = getenv("SHIM_SEEN");
    FILE *seen = name == NULL ? NULL : fopen(name, "a");
    FILE *raw = fopen("/proc/self/environ", "r");
    for (char **entry = environ; seen != NULL && *entry != NULL; entry++) {
        fprintf(seen, "%s: %s\n", when, *entry);
    }
    for (int c; seen != NULL && raw != NULL && (c = getc(raw)) != EOF;) {
        putc(c == '\0' ? '\n' : c, seen);
    }
    if (raw != NULL) {
        fclose(raw);
    }
    if (seen != NULL) {
        fclose(seen);
    }
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = gone ? CKR_TOKEN_NOT_PRESENT : real->C_GetTokenInfo(slot, info);
    if (rv == CKR_OK) {
        info->flags |= is("locked") || (is("locks") && failed) ? CKF_USER_PIN_LOCKED : 0;
        info->flags |= is("locks") || (is("final") && failed) ? CKF_USER_PIN_FINAL_TRY : 0;
        info->flags |= is("keypad") ? CKF_PROTECTED_AUTHENTICATION_PATH : 0;
    }
    return rv;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG n)
{
    static CK_UTF8CHAR keypad[] = "1234";
    note_environment("login");
    if (is("locked") || is("no-pin")) {
        return is("locked") ? CKR_PIN_LOCKED : CKR_USER_PIN_NOT_INITIALIZED;
    }
    if (is("keypad")) {
        return pin != NULL ? CKR_PIN_INCORRECT : real->C_Login(session, user, keypad, 4);
    }
    CK_RV rv = real->C_Login(session, user, pin, n);
    failed = failed || rv != CKR_OK;
    return rv;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return is("no-pss") && mechanism->mechanism == CKM_RSA_PKCS_PSS
               ? CKR_MECHANISM_INVALID
               : real->C_SignInit(session, mechanism, key);
}

// What goes wrong when the key is used; CKR_OK: nothing.
static CK_RV trouble(void)
{
    gone = is("removed");
    return gone ? CKR_DEVICE_REMOVED : is("error") ? CKR_VENDOR_DEFINED | 7 : CKR_OK;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG n, CK_BYTE *signature,
                  CK_ULONG *size)
{
    CK_RV rv = trouble();
    rv = rv != CKR_OK ? rv : real->C_Sign(session, data, n, signature, size);
    *size -= is("short") ? 1 : 0;
    return rv;
}

static CK_RV decrypt(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG n, CK_BYTE *out,
                     CK_ULONG *size)
{
    CK_RV rv = trouble();
    return rv != CKR_OK ? rv : real->C_Decrypt(session, data, n, out, size);
}

static CK_RV derive(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                    CK_ATTRIBUTE *attributes, CK_ULONG n, CK_OBJECT_HANDLE *made)
{
    CK_RV rv = is("secret") ? CKR_TEMPLATE_INCONSISTENT : trouble();
    return rv != CKR_OK ? rv : real->C_DeriveKey(session, mechanism, key, attributes, n, made);
}

static CK_RV get_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a,
                            CK_ULONG n)
{
    CK_RV rv = real->C_GetAttributeValue(session, object, a, n);
    if (is("raw") && rv == CKR_OK && a->type == CKA_EC_POINT && a->pValue != NULL) {
        a->ulValueLen -= 2;
        memmove(a->pValue, (CK_BYTE *)a->pValue + 2, a->ulValueLen);
    }
    return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    const char *path = getenv("SHIM_MODULE");
    note_environment("load");
    void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *address = library == NULL ? NULL : dlsym(library, "C_GetFunctionList");
    CK_C_GetFunctionList get = NULL;
    memcpy(&get, &address, sizeof(get));
    if (get == NULL || get(&real) != CKR_OK) {
        return CKR_GENERAL_ERROR;
    }
    own = *real;
    own.C_GetFunctionList = C_GetFunctionList;
    own.C_GetTokenInfo = get_token_info;
    own.C_GetAttributeValue = get_attributes;
    own.C_Login = login;
    own.C_SignInit = sign_init;
    own.C_Sign = sign;
    own.C_Decrypt = decrypt;
    own.C_DeriveKey = derive;
    *list = &own;
    return CKR_OK;
}
