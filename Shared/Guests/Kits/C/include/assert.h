// No include guard: the C standard lets every inclusion decide anew whether assertions hold.
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#ifdef __cplusplus
extern "C"
#endif
_Noreturn void sheaf_assertion_failed(const char *condition, const char *file, unsigned line);
#define assert(condition) ((condition) ? (void)0 : sheaf_assertion_failed(#condition, __FILE__, __LINE__))
#endif
