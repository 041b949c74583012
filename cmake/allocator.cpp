// How jemalloc is to work in programs that serve for months (galena_use_allocator). What is freed
// goes back to the system some seconds later, also while nothing is allocated: of workspaces that
// have fallen asleep (docs/adr/0017), for one.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "background_thread:true";
}
