"""A command that a plug-in brings is in the help, the lists for programs, the shell and the completions while the plug-in is there."""

import subprocess
import textwrap
import zipfile

import pytest

from running_lab import ROOT

SOURCE = """
    package example.greeting;

    import himmelblau.api.admin.AdminCommand;
    import himmelblau.api.admin.AdminTerminal;
    import himmelblau.api.login.ConversationClosed;
    import java.util.List;

    public final class Greeting implements AdminCommand {
      @Override
      public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
        terminal.out("Hello, " + String.join(" ", arguments));
        return 0;
      }

      @Override
      public String help() {
        return himmelblau.api.admin.CommandHelp.of(Greeting.class, "greet");
      }
    }
"""
DECLARATION = """
    command greet
    who anyone
    summary Say hello to somebody
    usage NAME
"""
COMPONENT = """
    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="example.greeting">
      <implementation class="example.greeting.Greeting"/>
      <service><provide interface="himmelblau.api.admin.AdminCommand"/></service>
      <property name="himmelblau.admin.command" value="greet"/>
    </scr:component>
"""
MANIFEST = """
    Manifest-Version: 1.0
    Bundle-ManifestVersion: 2
    Bundle-SymbolicName: example.greeting
    Bundle-Version: 1.0.0
    Import-Package: himmelblau.api.admin,himmelblau.api.login
    Service-Component: OSGI-INF/greeting.xml
"""
PLACE = "/etc/himmelblau/plugins/greeting.jar"


@pytest.fixture(scope="module")
def jar(tmp_path_factory):
    place = tmp_path_factory.mktemp("greeting")
    (place / "Greeting.java").write_text(textwrap.dedent(SOURCE), encoding="ascii")
    home = subprocess.run([ROOT / "runtime/image/find-jdk"], capture_output=True, text=True, check=True).stdout.strip()
    api = next((ROOT / "runtime/target/image/bundles/daemon").glob("himmelblau.api-*.jar"))
    subprocess.run([f"{home}/bin/javac", "--release", "21", "-proc:none", "-cp", api, "-d", place, place / "Greeting.java"], check=True)
    made = place / "greeting.jar"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", textwrap.dedent(MANIFEST).strip() + "\n")
        archive.writestr("OSGI-INF/greeting.xml", textwrap.dedent(COMPONENT).strip())
        archive.writestr("example/greeting/commands", textwrap.dedent(DECLARATION).strip() + "\n")
        archive.write(place / "example/greeting/Greeting.class", "example/greeting/Greeting.class")
    return made


@pytest.fixture(scope="module")
def nobody(lab):
    return lab.local("passerby")


def completed(lab, *words):
    """What bash would offer for the last word."""
    script = (
        f"source /usr/share/bash-completion/completions/aad-tool; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _aad_tool; "
        "printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    return lab.out("bash", "-c", script).split()


def known(lab):
    """Where the command is to be found."""
    return {
        "help": "greet" in lab.out("aad-tool", "help"),
        "list": "greet\tanyone\tSay hello to somebody" in lab.out("aad-tool", "help", "--list"),
        "shell": "aad:greet" in lab.out("aad-tool", "shell", "help").split(),
        "bash": "greet" in completed(lab, "aad-tool", "gre"),
        "run": lab.run("aad-tool", "greet", "you").stdout == "Hello, you\n",
    }


def test_it_is_everywhere_while_it_is_there(lab, jar, nobody):
    assert not any(known(lab).values()), known(lab)
    lab.out("install", "-d", "-m", "0755", "/etc/himmelblau/plugins")
    lab.out("install", "-o", "root", "-m", "0644", lab.put(jar), PLACE)
    lab.out("aad-tool", "shell", f"start file:{PLACE}")
    try:
        assert all(known(lab).values()), known(lab)
        assert "aad-tool greet NAME" in lab.out("aad-tool", "help", "greet")
        # Its declaration decides who may run it, as for the commands of the product.
        assert lab.out("runuser", "-u", nobody, "--", "aad-tool", "greet", "me") == "Hello, me"
    finally:
        lab.out("aad-tool", "shell", "uninstall example.greeting")
        lab.out("rm", PLACE)
    assert not any(known(lab).values()), known(lab)
    done = lab.run("aad-tool", "greet", "you")
    assert done.returncode != 0 and "does not know the command 'greet'" in done.stderr, done
