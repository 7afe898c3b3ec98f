package himmelblau.directory.internal;

/** Everything that decides how a name or an id comes out, at one moment. Immutable. */
record Setup(Settings settings, Domains domains, HostFiles.State host, NameMapper names) {
  static Setup of(
      Settings settings, Domains domains, HostFiles.State host, ScriptedNames scripted) {
    return new Setup(settings, domains, host, new NameMapper(settings, domains, host, scripted));
  }
}
