/* SPDX-License-Identifier: Apache-2.0
 *
 * The system of run.c where there is no libc: the first instruction of the program, the system
 * calls of Linux, which qemu answers, and the four functions that every compiler calls. For RISC-V
 * of 32 bits, PowerPC of 32 bits (big-endian) and i386.
 */
#include "run.h"

#ifdef __riscv
#define CALL_OPENAT 56
#define CALL_READ 63
#define CALL_WRITE 64
#define CALL_EXIT 93
#elif defined(__powerpc__)
#define CALL_OPENAT 286
#else
#define CALL_OPENAT 295
#endif
#ifndef CALL_READ
#define CALL_READ 3
#define CALL_WRITE 4
#define CALL_EXIT 1
#endif
#define FROM_HERE (-100) /* AT_FDCWD */

/* Each hands the stack as it is at the start, with the arguments on it, to `begin`. */
#ifdef __riscv
__asm__(".globl _start\n"
        "_start:\n"
        ".option push\n"
        ".option norelax\n"
        "    la gp, __global_pointer$\n"
        ".option pop\n"
        "    mv a0, sp\n"
        "    andi sp, sp, -16\n"
        "    call begin\n");
#elif defined(__powerpc__)
__asm__(".globl _start\n"
        "_start:\n"
        "    mr 3, 1\n"
        "    clrrwi 1, 1, 4\n"
        "    li 0, 0\n"
        "    stwu 0, -16(1)\n"
        "    bl begin\n");
#else
__asm__(".globl _start\n"
        "_start:\n"
        "    mov %esp, %eax\n"
        "    and $-16, %esp\n"
        "    sub $12, %esp\n"
        "    push %eax\n"
        "    call begin\n");
#endif

/* The system's answer; below 0: an error. */
static long system_call(long number, long a, long b, long c)
{
#ifdef __riscv
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = 0;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a7) : "memory");
    return a0;
#elif defined(__powerpc__)
    register long r0 __asm__("r0") = number;
    register long r3 __asm__("r3") = a;
    register long r4 __asm__("r4") = b;
    register long r5 __asm__("r5") = c;
    register long r6 __asm__("r6") = 0;
    __asm__ volatile("sc\n"
                     "    bns+ 1f\n"
                     "    neg 3, 3\n"
                     "1:"
                     : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6)
                     :
                     : "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "xer", "cr0", "memory");
    return r3;
#else
    long answer;
    __asm__ volatile("int $0x80"
                     : "=a"(answer)
                     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(0)
                     : "memory");
    return answer;
#endif
}

int system_open(const char *path)
{
    return (int)system_call(CALL_OPENAT, FROM_HERE, (long)path, 0);
}

int system_read(int file, uint8_t *to, size_t n)
{
    return (int)system_call(CALL_READ, file, (long)to, (long)n);
}

int system_write(int file, const uint8_t *bytes, size_t n)
{
    return (int)system_call(CALL_WRITE, file, (long)bytes, (long)n);
}

void begin(long *stack);

void begin(long *stack)
{
    int status = run((int)stack[0], (char **)(stack + 1));
    for (;;) {
        (void)system_call(CALL_EXIT, status, 0, 0);
    }
}

/* volatile: or the compiler sees what each of them is, and has it call itself. */
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);

void *memcpy(void *to, const void *from, size_t n)
{
    volatile uint8_t *t = (volatile uint8_t *)to;
    const uint8_t *f = (const uint8_t *)from;
    for (size_t i = 0; i < n; i++) {
        t[i] = f[i];
    }
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    volatile uint8_t *t = (volatile uint8_t *)to;
    const uint8_t *f = (const uint8_t *)from;
    if ((uintptr_t)to <= (uintptr_t)from) {
        return memcpy(to, from, n);
    }
    while (n-- > 0) {
        t[n] = f[n];
    }
    return to;
}

void *memset(void *to, int value, size_t n)
{
    volatile uint8_t *t = (volatile uint8_t *)to;
    for (size_t i = 0; i < n; i++) {
        t[i] = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
    for (size_t i = 0; i < n; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}
