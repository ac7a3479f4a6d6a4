/* Completion for shells that describe what they offer. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

void completion_zsh(void);
void completion_fish(void);

#endif
