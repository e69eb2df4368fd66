import { ActionIcon, Menu } from "@mantine/core";
import { IconApi, IconKeyboard, IconLogout, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useSession, useSignOut } from "../api/session";

export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const session = useSession().data;
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    // The menu belongs to the header, and holds nothing but its items.
    <Menu position="bottom-end" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label="Account">
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {session && (
          <Menu.Label>
            {session.name} ({session.role})
          </Menu.Label>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconApi size={16} />} component="a" href="/api/docs">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => signOut.mutate(undefined, { onSuccess: () => void navigate({ to: "/sign-in" }) })}
        >
          Sign out
        </Menu.Item>
        {session?.serverVersion && <Menu.Label>Tidegate {session.serverVersion}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
