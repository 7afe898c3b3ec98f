/* The texts that this module shows when the daemon does not, in the language of the application. */
#ifndef HB_PAM_TRANSLATION_H
#define HB_PAM_TRANSLATION_H

/* locale: as LANG has it, such as de_DE.UTF-8. text itself for English, and when there is no translation. */
const char *translation_of(const char *text, const char *locale);

#endif
