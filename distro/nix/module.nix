# A NixOS module: services.himmelblau. distro/nix/README.md has an example.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.himmelblau;
  module = "${cfg.package}/lib/security/pam_himmelblau.so";
  # A refusal ends the stack; an account that is not of the directory leads on to the next rule.
  decide = "[success=done ignore=ignore user_unknown=ignore service_err=ignore system_err=ignore authinfo_unavail=ignore module_unknown=ignore default=die]";
  # NixOS numbers its own rules from 10000 on: these are the first of their stacks, and the last of the session.
  first = 9900;
  last = 100000;
  programs = part: pkgs.callPackage ./programs.nix { src = cfg.tarball; inherit part; };
  sso = programs "sso";
  o365 = programs "o365";
  rule = control: order: args: {
    enable = true;
    modulePath = module;
    inherit control order args;
  };
  rules = name: {
    auth.himmelblau = rule decide first (
      [
        "ignore_unknown_user"
        "set_authtok"
      ]
      ++ lib.optional (name == "sshd") "mfa_poll_prompt"
    );
    account.himmelblau = rule "[success=ok auth_err=die acct_expired=die default=ignore]" first [ "ignore_unknown_user" ];
    password.himmelblau = rule "[success=done ignore=ignore module_unknown=ignore default=die]" first [
      "ignore_unknown_user"
      "set_authtok"
    ];
    session.himmelblau = rule "optional" last [ ];
  };
in
{
  options.services.himmelblau = {
    enable = lib.mkEnableOption "sign-in with Microsoft Entra ID by himmelblaud";

    tarball = lib.mkOption {
      type = lib.types.path;
      description = "The tarball that distro/nix/tarball has made.";
    };

    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.callPackage ./package.nix { src = cfg.tarball; };
      defaultText = lib.literalExpression "pkgs.callPackage ./package.nix { src = config.services.himmelblau.tarball; }";
      description = "The package with himmelblaud, aad-tool and the modules for PAM and NSS.";
    };

    settings = lib.mkOption {
      type = lib.types.attrsOf (
        lib.types.attrsOf (
          lib.types.oneOf [
            lib.types.str
            lib.types.int
            lib.types.bool
          ]
        )
      );
      default = { };
      example = {
        global = {
          domain = "example.onmicrosoft.com";
          pam_allow_groups = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";
        };
      };
      description = "Sections and options of himmelblau.conf(5). global.domain is needed: without one, nobody signs in.";
    };

    pamServices = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [
        "login"
        "passwd"
        "sshd"
        "su"
        "sudo"
      ];
      description = "The PAM services where accounts of the directory sign in. Local accounts do as before.";
    };

    sso = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Single sign-on in the sessions of users: the session broker, and the native messaging host for Firefox, Chrome and Chromium.";
    };

    o365 = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Menu entries for the applications of Microsoft 365.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = (cfg.settings.global.domain or "") != "";
        message = "services.himmelblau.settings.global.domain is needed: without a domain nobody signs in.";
      }
    ];

    environment.systemPackages = [ cfg.package ] ++ lib.optional cfg.sso sso ++ lib.optional cfg.o365 o365;
    environment.etc = {
      "himmelblau/himmelblau.conf".text = lib.generators.toINI { } cfg.settings;
    }
    // lib.optionalAttrs cfg.sso {
      "chromium/native-messaging-hosts/linux_entra_sso.json".source = "${sso}/etc/chromium/native-messaging-hosts/linux_entra_sso.json";
      "opt/chrome/native-messaging-hosts/linux_entra_sso.json".source = "${sso}/etc/opt/chrome/native-messaging-hosts/linux_entra_sso.json";
    }
    // lib.optionalAttrs cfg.o365 { "o365.conf".source = "${o365}/etc/o365.conf"; };
    # Firefox has a list of its own for what others find in a folder.
    programs.firefox.nativeMessagingHosts.packages = lib.optional cfg.sso sso;
    services.dbus.packages = lib.optional cfg.sso sso;

    users.users = {
      himmelblaud = {
        isSystemUser = true;
        group = "himmelblaud";
        description = "Himmelblau sign-in daemon";
      };
      himmelblau-userdb = {
        isSystemUser = true;
        group = "himmelblau-userdb";
        description = "Himmelblau user database relay";
      };
    };
    users.groups = {
      himmelblaud = { };
      himmelblau-userdb = { };
      tss = { };
    };

    # After the local names, which the directory never answers.
    system.nssModules = [ cfg.package ];
    system.nssDatabases = {
      passwd = lib.mkAfter [ "himmelblau" ];
      group = lib.mkAfter [ "himmelblau" ];
      shadow = lib.mkAfter [ "himmelblau" ];
    };

    security.pam.services = lib.genAttrs cfg.pamServices (name: { rules = rules name; });
    services.openssh.settings.KbdInteractiveAuthentication = lib.mkDefault true;

    # The units of the package, as on any other system; here is what they cannot say themselves.
    systemd.packages = [ cfg.package ] ++ lib.optional cfg.sso sso;
    systemd.tmpfiles.packages = [ cfg.package ];
    services.udev.packages = [ cfg.package ];
    systemd.services = {
      himmelblau-userdb.wantedBy = [ "systemd-user-sessions.service" ];
      himmelblaud = {
        wantedBy = [ "systemd-user-sessions.service" ];
        # Loaded when hsm_type is tpm, when a security key is used, and for PINs.
        environment.LD_LIBRARY_PATH = lib.makeLibraryPath [
          pkgs.tpm2-tss
          pkgs.libfido2
          pkgs.libargon2
        ];
        restartTriggers = [ cfg.package ];
        serviceConfig = {
          Type = "notify-reload";
          ExecReload = [ "" ];
        };
      };
    };
    systemd.paths.himmelblaud-tasks.wantedBy = [ "himmelblaud.service" ];
  };
}
