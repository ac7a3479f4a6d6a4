/*
 * Everything exhibit reads on a node, in one list: what an auditor asks when
 * he asks "what did it look at", and what the source may open. Sources of the
 * list: kernel admin-guide/sysctl/crypto, crypto-policies(7), fips-mode-setup,
 * os-release(5), the Boot Loader Specification, grub-mkconfig, bootc kargs,
 * fips_module(7), libgcrypt's manual, SCAP Security Guide's FIPS rules,
 * Bottlerocket's core-kit, Ubuntu Pro client.
 */
#include "collector/node/parts.h"

#define SMALL ((size_t)64 * 1024)	    /* one value or a short file */
#define CONFIG ((size_t)1024 * 1024)	    /* a configuration file */
#define ANSWER ((size_t)4 * 1024 * 1024)    /* what a command prints */
#define DATABASE ((size_t)32 * 1024 * 1024) /* dpkg status: 1 KiB a package */
#define BINARY ((size_t)64 * 1024 * 1024)   /* only hashed, never kept */

/* grub.cfg of UEFI hosts: one folder per vendor under the system partition */
#define EFI(vendor)                                                            \
	{ "/boot/efi/EFI/" vendor "/grub.cfg", CONFIG, M_CONTENT },            \
	{                                                                      \
		"/boot/efi/EFI/" vendor "/grubenv", SMALL, M_VOLATILE          \
	}

/* Variables of programs: passwords may stand there, so no digest is kept. */
#define SETTINGS (M_VOLATILE | M_SETTINGS)

/* Units and their drop-ins, of which there are many. */
#define UNITS(folder)                                                          \
	{ folder "/*.service", SMALL, SETTINGS | M_QUIET },                    \
	{                                                                      \
		folder "/*.service.d/*.conf", SMALL, SETTINGS | M_QUIET        \
	}

/* Where a package of a distribution lets a service take variables from. */
#define SERVICE(name)                                                          \
	{ "/etc/default/" name, SMALL, SETTINGS },                             \
	{                                                                      \
		"/etc/sysconfig/" name, SMALL, SETTINGS                        \
	}

/* Integrity files beside libraries: OpenSSL 1.x, libgcrypt, GnuTLS and nettle
 * keep .lib*.hmac, NSS keeps *.chk, fipscheck a folder of its own. */
#define LIBRARY_FOLDER(folder)                                                 \
	{ folder "/.lib*.hmac", SMALL, M_DIGEST },                             \
	    { folder "/fipscheck/*.hmac", SMALL, M_DIGEST },                   \
	    { folder "/libfreebl*.chk", SMALL, M_DIGEST },                     \
	    { folder "/libsoftokn3.chk", SMALL, M_DIGEST },                    \
	    { folder "/nss/libfreebl*.chk", SMALL, M_DIGEST },                 \
	    { folder "/nss/libsoftokn3.chk", SMALL, M_DIGEST },                \
	{                                                                      \
		folder "/ossl-modules/fips.so", BINARY, M_DIGEST               \
	}

#define RPM_DATABASE(path)                                                     \
	{                                                                      \
		path, ANSWER, M_RPM | M_EXISTS                                 \
	}

const struct manifest_item manifest[] = {
	/* who is it */
	{ "/etc/os-release", SMALL, M_CONTENT },
	{ "/usr/lib/os-release", SMALL, M_CONTENT },
	{ "/proc/sys/kernel/arch", SMALL, M_CONTENT }, /* since Linux 6.1 */
	{ "/proc/sys/kernel/hostname", SMALL, M_CONTENT },
	{ "/proc/sys/kernel/osrelease", SMALL, M_CONTENT },
	{ "/proc/sys/kernel/random/boot_id", SMALL, M_CONTENT },
	{ "/etc/machine-id", SMALL, M_VOLATILE }, /* its digest is kept */
	{ "/etc/ssh/ssh_host_*.pub", SMALL, M_CONTENT },
	{ "/proc/version", SMALL, M_CONTENT },

	/* the kernel now */
	{ "/proc/sys/crypto/fips_enabled", SMALL, M_CONTENT },
	{ "/proc/sys/crypto/fips_name", SMALL, M_CONTENT },
	{ "/proc/sys/crypto/fips_version", SMALL, M_CONTENT },
	{ "/proc/cmdline", CONFIG, M_CONTENT },
	{ "/proc/bootconfig", CONFIG, M_CONTENT },
	{ "/proc/crypto", CONFIG, M_VOLATILE }, /* reference counts */

	/* the kernel at the next boot; grubenv counts boots */
	{ "/etc/default/grub", CONFIG, M_CONTENT },
	{ "/etc/default/grub.d/*", CONFIG, M_CONTENT },
	{ "/boot/grub/grub.cfg", CONFIG, M_CONTENT },
	{ "/boot/grub/grubenv", SMALL, M_VOLATILE },
	{ "/boot/grub2/grub.cfg", CONFIG, M_CONTENT },
	{ "/boot/grub2/grubenv", SMALL, M_VOLATILE },
	EFI("almalinux"),
	EFI("amzn"),
	EFI("centos"),
	EFI("debian"),
	EFI("fedora"),
	EFI("opensuse"),
	EFI("redhat"),
	EFI("rocky"),
	EFI("sles"),
	EFI("ubuntu"),
	{ "/boot/grub/custom.cfg", CONFIG, M_CONTENT },
	{ "/boot/grub2/custom.cfg", CONFIG, M_CONTENT },
	{ "/boot/loader/entries/*.conf", SMALL, M_CONTENT },
	{ "/boot/efi/loader/entries/*.conf", SMALL, M_CONTENT },
	{ "/efi/loader/entries/*.conf", SMALL, M_CONTENT },
	{ "/boot/loader/loader.conf", SMALL, M_CONTENT },
	{ "/boot/efi/loader/loader.conf", SMALL, M_CONTENT },
	{ "/efi/loader/loader.conf", SMALL, M_CONTENT },
	{ "/boot/EFI/Linux/*.efi", SMALL, M_PE },
	{ "/boot/efi/EFI/Linux/*.efi", SMALL, M_PE },
	{ "/efi/EFI/Linux/*.efi", SMALL, M_PE },
	{ "/boot/photon.cfg", SMALL, M_CONTENT },
	{ "/boot/systemd.cfg", SMALL, M_CONTENT },
	{ "/etc/zipl.conf", SMALL, M_CONTENT },
	{ "/oem/grub.cfg", SMALL, M_CONTENT },
	{ "/usr/share/oem/grub.cfg", SMALL, M_CONTENT },
	{ "/etc/fstab", CONFIG, M_VOLATILE }, /* passwords may stand there */
	{ "/etc/kernel/cmdline", SMALL, M_CONTENT },
	{ "/usr/lib/kernel/cmdline", SMALL, M_CONTENT },
	{ "/usr/lib/bootc/kargs.d/*.toml", SMALL, M_CONTENT },
	{ "/etc/dracut.conf.d/*", SMALL, M_CONTENT },
	{ "/usr/lib/dracut/dracut.conf.d/*", SMALL, M_CONTENT },
	{ "/boot/.vmlinuz*.hmac", SMALL, M_DIGEST },

	/* user space */
	{ "/etc/system-fips", SMALL, M_CONTENT },
	{ "/etc/crypto-policies/config", SMALL, M_CONTENT },
	{ "/etc/crypto-policies/state/current", SMALL, M_CONTENT },
	{ "/etc/crypto-policies/state/CURRENT.pol", SMALL, M_CONTENT },
	{ "/etc/crypto-policies/back-ends/*", SMALL, M_CONTENT },
	{ "/etc/crypto-policies/local.d/*", SMALL, M_CONTENT },
	{ "/usr/share/crypto-policies/FIPS/*", SMALL, M_CONTENT },
	{ "/etc/gcrypt/fips_enabled", SMALL, M_CONTENT },
	{ "/etc/pki/nssdb/pkcs11.txt", SMALL, M_CONTENT },

	/* OpenSSL */
	{ "/etc/pki/tls/openssl.cnf", CONFIG, M_CONTENT },
	{ "/etc/pki/tls/fips_local.cnf", SMALL, M_CONTENT },
	{ "/etc/pki/tls/fipsmodule.cnf", SMALL, M_CONTENT },
	{ "/etc/pki/tls/openssl.d/*", SMALL, M_CONTENT },
	{ "/etc/ssl/openssl.cnf", CONFIG, M_CONTENT },
	{ "/etc/ssl/openssl-1_1.cnf", CONFIG, M_CONTENT },
	{ "/etc/ssl/fips_local.cnf", SMALL, M_CONTENT },
	{ "/etc/ssl/fipsmodule.cnf", SMALL, M_CONTENT },
	{ "/etc/ssl/openssl.cnf.d/*", SMALL, M_CONTENT },
	{ "/etc/ssl/engdef.d/*", SMALL, M_CONTENT },
	{ "/etc/ssl/engines.d/*", SMALL, M_CONTENT },
	{ "/usr/lib/ssl/openssl.cnf", CONFIG, M_CONTENT },
	{ "/usr/lib/ssl/fipsmodule.cnf", SMALL, M_CONTENT },
	{ "/usr/local/ssl/openssl.cnf", CONFIG, M_CONTENT },
	{ "/usr/local/ssl/fipsmodule.cnf", SMALL, M_CONTENT },
	LIBRARY_FOLDER("/usr/lib64"),
	LIBRARY_FOLDER("/usr/lib"),
	LIBRARY_FOLDER("/usr/lib/x86_64-linux-gnu"),
	LIBRARY_FOLDER("/usr/lib/aarch64-linux-gnu"),
	LIBRARY_FOLDER("/usr/local/lib64"),
	LIBRARY_FOLDER("/usr/local/lib"),
	/* Ubuntu's openssl-fips-module-3 */
	{ "/usr/lib/x86_64-linux-gnu/ossl-modules-3/fips.so", BINARY,
	    M_DIGEST },
	{ "/usr/lib/aarch64-linux-gnu/ossl-modules-3/fips.so", BINARY,
	    M_DIGEST },

	/* packages; through ssh, that an RPM database is there, and rpm's word
	 */
	{ "/var/lib/dpkg/status", DATABASE, M_CONTENT },
	{ "/var/lib/dpkg/status.d/*", CONFIG, M_CONTENT }, /* distroless */
	RPM_DATABASE("/var/lib/rpm/Packages"),
	RPM_DATABASE("/var/lib/rpm/Packages.db"),
	RPM_DATABASE("/var/lib/rpm/rpmdb.sqlite"),
	RPM_DATABASE("/usr/lib/sysimage/rpm/Packages"),
	RPM_DATABASE("/usr/lib/sysimage/rpm/Packages.db"),
	RPM_DATABASE("/usr/lib/sysimage/rpm/rpmdb.sqlite"),
	RPM_DATABASE("/usr/share/rpm/rpmdb.sqlite"), /* ostree */
	{ RPM_QUERY, ANSWER, M_COMMAND | M_RPM },

	/* Bottlerocket */
	{ "/etc/.fips-kernel-check-passed", SMALL, M_CONTENT },
	{ "/etc/.fips-module-check-passed", SMALL, M_CONTENT },
	{ "/run/fips-go.env", SMALL, M_CONTENT },
	{ APICLIENT_REPORT, CONFIG, M_COMMAND },

	/* how AWS is called; no digest is kept, for keys may stand there */
	{ "/etc/environment", SMALL, SETTINGS },
	{ "/root/.aws/config", SMALL, M_VOLATILE },

	/* what leads libraries elsewhere; secrets may stand there too */
	{ "/etc/environment.d/*.conf", SMALL, SETTINGS },
	{ "/etc/profile", SMALL, SETTINGS },
	{ "/etc/profile.d/*.sh", SMALL, SETTINGS },
	{ "/etc/security/pam_env.conf", SMALL, SETTINGS },
	{ "/etc/systemd/system.conf", SMALL, SETTINGS },
	{ "/etc/systemd/system.conf.d/*.conf", SMALL, SETTINGS },
	{ "/etc/systemd/system/service.d/*.conf", SMALL, SETTINGS },
	UNITS("/etc/systemd/system"),
	UNITS("/run/systemd/system"),
	UNITS("/usr/lib/systemd/system"),
	UNITS("/usr/local/lib/systemd/system"),
	SERVICE("apache2"),
	SERVICE("containerd"),
	SERVICE("crio"),
	SERVICE("docker"),
	SERVICE("haproxy"),
	SERVICE("httpd"),
	SERVICE("k3s"),
	SERVICE("kubelet"),
	SERVICE("mariadb"),
	SERVICE("mysqld"),
	SERVICE("named"),
	SERVICE("nginx"),
	SERVICE("postfix"),
	SERVICE("postgresql"),
	SERVICE("rke2-agent"),
	SERVICE("rke2-server"),
	SERVICE("ssh"),
	SERVICE("sshd"),
	SERVICE("strongswan"),

	/* and what they name, in this order */
	{ "?EnvironmentFile", SMALL, SETTINGS | M_NAMED },
	{ "?OPENSSL_CONF", CONFIG, M_VOLATILE | M_NAMED },
	{ "?.include", CONFIG, M_VOLATILE | M_NAMED },
	{ "?OPENSSL_MODULES/fips.so", BINARY, M_DIGEST | M_NAMED },

	/* programs that hold a library an update has replaced */
	{ PROCESSES_QUERY, ANSWER, M_COMMAND | M_PROCESSES },

	/* Ubuntu Pro; a cache that is written anew without meaning */
	{ "/var/lib/ubuntu-advantage/status.json", CONFIG, M_VOLATILE },

	/* OpenSSL as it runs, where exhibit itself cannot load it */
	{ OPENSSL_VERSION, SMALL, M_COMMAND },
	{ OPENSSL_PROVIDERS, SMALL, M_COMMAND },
	{ OPENSSL_MD5, SMALL, M_COMMAND },
	{ OPENSSL_FIPS, SMALL, M_COMMAND },

	{ NULL, 0, 0 },
};
