/* Which program this is. */
#ifndef BASE_BUILD_H
#define BASE_BUILD_H

/*
 * Version and build, as in "0.1.0+1f2e3d4c5b6a": build metadata of Semantic
 * Versioning, a digest over the sources. Only programs of equal sources are
 * sure to make the same bytes of the same evidence, so that is who compares
 * them.
 */
extern const char exhibit_build[];

#endif
