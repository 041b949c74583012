import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { Broken } from "./Broken";
import { NotFound } from "./NotFound";
import { RequireSession } from "./RequireSession";
import { Shell } from "./Shell";

// Each screen is a file of its own that the browser loads when it is first shown.
const routes: RouteObject[] = [
  {
    errorElement: <Broken />,
    HydrateFallback: () => null,
    children: [
      {
        path: "/sign-in",
        lazy: async () => ({ Component: (await import("../sign-in/SignInScreen")).SignInScreen }),
      },
      {
        element: (
          <RequireSession>
            <Shell />
          </RequireSession>
        ),
        children: [
          {
            errorElement: <Broken />,
            children: [
              { index: true, element: <Navigate to="/leads" replace /> },
              {
                path: "/leads",
                lazy: async () => ({
                  Component: (await import("../leads/LeadsScreen")).LeadsScreen,
                }),
              },
              {
                path: "/leads/:id",
                lazy: async () => ({ Component: (await import("../lead/LeadScreen")).LeadScreen }),
              },
              { path: "*", element: <NotFound /> },
            ],
          },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes);
