// Generated from the OpenAPI document of server/api: do not edit, `make generate` writes it anew.

export interface paths {
    "/api/v1/auth/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Up
         * @description Make a user and sign in. 409 where the email is taken.
         */
        post: operations["sign_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Sign in: sets the session's cookie, and a new CSRF cookie. 429, with `Retry-After`, after too many failures.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Out
         * @description Sign out: ends the session.
         */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Session
         * @description Who is signed in, or null. Sets the CSRF cookie that a browser needs for everything else.
         */
        get: operations["show_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Messages
         * @description The chat, newest first; each coach message with its actions.
         */
        get: operations["list_messages"];
        put?: never;
        /**
         * Post Message
         * @description Write to the coach. Answers with the coach's message before its actions have run.
         */
        post: operations["post_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/responses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post Response
         * @description Store a response for a user and enqueue its actions. For staff, and for the user's own token; `me` is oneself.
         */
        post: operations["post_response"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Actions
         * @description The user's actions, newest first.
         */
        get: operations["list_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/{action_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Action
         * @description One action.
         */
        get: operations["show_action"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coach-state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Coach State
         * @description The user's coach state.
         */
        get: operations["show_coach_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Identities
         * @description The user's identities, oldest first; `?archived=true` includes archived ones.
         */
        get: operations["list_identities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/user-notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List User Notes
         * @description The notes about the user, oldest first.
         */
        get: operations["list_user_notes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset
         * @description Start over: cancels what waits, and clears the chat, the identities, the notes and the state.
         */
        post: operations["reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List All Actions
         * @description The actions of all users, newest first.
         */
        get: operations["list_all_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/actions/{action_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry Action
         * @description Queue an ended action again, in its old place. 409 for one that has not ended.
         */
        post: operations["retry_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/actions/{action_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Action
         * @description Take a waiting action out of its lane. 409 for one that is running or has ended.
         */
        post: operations["cancel_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Stats
         * @description How the queue stands.
         */
        get: operations["show_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Scenarios
         * @description The scenarios of the library, by name.
         */
        get: operations["list_scenarios"];
        put?: never;
        /**
         * Add Scenario
         * @description Keep a scenario file. 409 where there is one of that name, unless it is to be replaced: then 200.
         */
        post: operations["add_scenario"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/scenarios/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Freeze Conversation
         * @description Make a scenario of a user's conversation, as `coach freeze` does, and keep it.
         *
         *     409 where there is one of that name, unless it is to be replaced. 422 says why there can be none.
         */
        post: operations["freeze_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/scenarios/{scenario_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Scenario
         * @description A scenario with its file.
         */
        get: operations["show_scenario"];
        put?: never;
        post?: never;
        /**
         * Delete Scenario
         * @description Take a scenario out of the library. Past replays of it stay.
         */
        delete: operations["delete_scenario"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Replays
         * @description All replays through the queue, those of the command too, newest first.
         */
        get: operations["list_replays"];
        put?: never;
        /**
         * Start Replay
         * @description Play scenarios of the library, as `coach replay` does. 409 while another that was asked for here is under way.
         */
        post: operations["start_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/replays/{replay_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Replay
         * @description A replay: how far it is, and once it has ended, what became of each scenario.
         */
        get: operations["show_replay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/replays/{replay_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Replay
         * @description Ask a replay to stop; it cleans up, and says `stopped` then. 409 for one that has ended.
         */
        post: operations["stop_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/replays/{replay_id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Report
         * @description The report of a replay, as a page of HTML that needs nothing beside itself.
         */
        get: operations["show_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Events
         * @description The user's stream, as server-sent events. First `hello` (its data is a HelloEvent); then, with an `id` each: `action` (ActionEvent), `coach_state` (CoachStateEvent) after a change, `message` (MessageEvent). `running` (RunningEvent), without an `id`, tells each stream once that an attempt is under way; one that ends at once is not told. `message_delta` (MessageDeltaEvent), without an `id` too, tells what the coach is writing. `reset` (ResetEvent) tells the client to reload: its cursor is too old to serve, or the chat was reset. A comment every 15 s keeps the line open.
         */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Coach
         * @description Who coaches: a model, the offline coach, which knows a few sentences, or a session that was recorded.
         */
        Coach: {
            /**
             * Provider
             * @enum {string}
             */
            provider: "openai" | "offline" | "scripted";
        };
        /**
         * SessionState
         * @description Who is signed in, if anyone, and who coaches; to staff, where Flower is, if that is known.
         */
        SessionState: {
            user: components["schemas"]["User"] | null;
            coach: components["schemas"]["Coach"];
            /** Flower Url */
            flower_url: string | null;
        };
        /**
         * User
         * @description Someone who is signed in.
         */
        User: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Email */
            email: string;
            /** Is Staff */
            is_staff: boolean;
        };
        /**
         * Credentials
         * @description An email and a password.
         */
        Credentials: {
            /** Email */
            email: string;
            /** Password */
            password: string;
        };
        /**
         * Action
         * @description One action of a coach's response, and what became of it.
         *
         *     `due_at` is when it may be tried, the next time too; null in an event of a version that did not keep it.
         */
        Action: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Coach Message Id */
            coach_message_id: string | null;
            /** Position */
            position: number;
            /**
             * Action Type
             * @enum {string}
             */
            action_type: "create_identity" | "update_identity_name" | "update_i_am_statement" | "update_identity_visualization" | "add_identity_note" | "accept_identity" | "accept_identity_refinement" | "accept_identity_commitment" | "accept_i_am_statement" | "accept_identity_visualization" | "archive_identity" | "nest_identity" | "combine_identities" | "transition_phase" | "select_identity_focus" | "skip_identity_category" | "unskip_identity_category" | "update_who_you_are" | "update_who_you_want_to_be" | "update_asked_questions" | "set_current_identity" | "add_user_note" | "update_user_note" | "delete_user_note";
            /** Label */
            label: string;
            /** Parameters */
            parameters: {
                [key: string]: unknown;
            };
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "retrying" | "parked" | "succeeded" | "skipped" | "rejected" | "dead" | "cancelled";
            /** Attempt */
            attempt: number;
            /** Max Attempts */
            max_attempts: number;
            /** Result Summary */
            result_summary: string;
            error: components["schemas"]["ActionError"] | null;
            /**
             * Queued At
             * Format: date-time
             */
            queued_at: string;
            /** Due At */
            due_at: string | null;
            /** Started At */
            started_at: string | null;
            /** Finished At */
            finished_at: string | null;
        };
        /**
         * ActionError
         * @description Why an action did not succeed.
         */
        ActionError: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "invalid_params" | "not_found" | "archived" | "conflict" | "not_allowed" | "unknown_action" | "time_limit" | "worker_lost" | "exception";
            /** Message */
            message: string;
        };
        /**
         * Message
         * @description One message of the chat; a coach's has its actions, in order.
         *
         *     `idempotency_key` is that of the request by which the user wrote the message, or which the coach answers with it;
         *     null where it had none. So a client finds what it has sent, though the answer to its request was lost.
         */
        Message: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "coach";
            /** Content */
            content: string;
            /** Idempotency Key */
            idempotency_key: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Actions */
            actions: components["schemas"]["Action"][];
        };
        /**
         * MessagePair
         * @description What the user wrote, and what the coach answered, with the actions to come.
         */
        MessagePair: {
            user_message: components["schemas"]["Message"];
            coach_message: components["schemas"]["Message"];
        };
        /**
         * PostedMessage
         * @description What the user writes to the coach.
         */
        PostedMessage: {
            /** Content */
            content: string;
        };
        /**
         * Paging
         * @description `?limit=` and `?cursor=`.
         */
        Paging: {
            /**
             * Limit
             * @description How many at most.
             * @default 50
             */
            limit: number;
            /**
             * Cursor
             * @description The last answer's `next_cursor`.
             */
            cursor?: string | null;
        };
        /** Page[Message] */
        Page_Message_: {
            /** Items */
            items: components["schemas"]["Message"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * StoredResponse
         * @description The coach's message as it was stored, with the actions to come.
         */
        StoredResponse: {
            coach_message: components["schemas"]["Message"];
        };
        /**
         * AcceptIAmStatementAction
         * @description Mark an identity's "I am" statement as final, once it is written down and the user says so.
         */
        AcceptIAmStatementAction: {
            params: components["schemas"]["AcceptIAmStatementParams"];
        };
        /**
         * AcceptIAmStatementParams
         * @description Mark an identity's "I am" statement as final, once it is written down and the user says so.
         */
        AcceptIAmStatementParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * AcceptIdentityAction
         * @description Mark a proposed identity as accepted, once the user says that it fits.
         */
        AcceptIdentityAction: {
            params: components["schemas"]["AcceptIdentityParams"];
        };
        /**
         * AcceptIdentityCommitmentAction
         * @description Mark an identity as committed to, once the user says so.
         */
        AcceptIdentityCommitmentAction: {
            params: components["schemas"]["AcceptIdentityCommitmentParams"];
        };
        /**
         * AcceptIdentityCommitmentParams
         * @description Mark an identity as committed to, once the user says so.
         */
        AcceptIdentityCommitmentParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * AcceptIdentityParams
         * @description Mark a proposed identity as accepted, once the user says that it fits.
         */
        AcceptIdentityParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * AcceptIdentityRefinementAction
         * @description Mark an identity as refined, once the user is content with its name and meaning.
         */
        AcceptIdentityRefinementAction: {
            params: components["schemas"]["AcceptIdentityRefinementParams"];
        };
        /**
         * AcceptIdentityRefinementParams
         * @description Mark an identity as refined, once the user is content with its name and meaning.
         */
        AcceptIdentityRefinementParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * AcceptIdentityVisualizationAction
         * @description Mark an identity's visualization as final, once the user says so.
         */
        AcceptIdentityVisualizationAction: {
            params: components["schemas"]["AcceptIdentityVisualizationParams"];
        };
        /**
         * AcceptIdentityVisualizationParams
         * @description Mark an identity's visualization as final, once the user says so.
         */
        AcceptIdentityVisualizationParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * AddIdentityNoteAction
         * @description Keep something that the user said about an identity.
         */
        AddIdentityNoteAction: {
            params: components["schemas"]["AddIdentityNoteParams"];
        };
        /**
         * AddIdentityNoteParams
         * @description Keep something that the user said about an identity.
         */
        AddIdentityNoteParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
            /**
             * Note
             * @description The note to add.
             */
            note: string;
        };
        /**
         * AddUserNoteAction
         * @description Remember something about the user that will matter later.
         */
        AddUserNoteAction: {
            params: components["schemas"]["AddUserNoteParams"];
        };
        /**
         * AddUserNoteParams
         * @description Remember something about the user that will matter later.
         */
        AddUserNoteParams: {
            /**
             * Note
             * @description What to remember, one fact.
             */
            note: string;
        };
        /**
         * ArchiveIdentityAction
         * @description Put an identity away for good, when the user no longer wants it.
         */
        ArchiveIdentityAction: {
            params: components["schemas"]["ArchiveIdentityParams"];
        };
        /**
         * ArchiveIdentityParams
         * @description Put an identity away for good, when the user no longer wants it.
         */
        ArchiveIdentityParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * CoachChatResponse
         * @description A coach's structured response: a message and at most one of each action.
         */
        CoachChatResponse: {
            /**
             * Message
             * @description What the coach says to the user.
             */
            message: string;
            create_identity?: components["schemas"]["CreateIdentityAction"] | null;
            update_identity_name?: components["schemas"]["UpdateIdentityNameAction"] | null;
            update_i_am_statement?: components["schemas"]["UpdateIAmStatementAction"] | null;
            update_identity_visualization?: components["schemas"]["UpdateIdentityVisualizationAction"] | null;
            add_identity_note?: components["schemas"]["AddIdentityNoteAction"] | null;
            accept_identity?: components["schemas"]["AcceptIdentityAction"] | null;
            accept_identity_refinement?: components["schemas"]["AcceptIdentityRefinementAction"] | null;
            accept_identity_commitment?: components["schemas"]["AcceptIdentityCommitmentAction"] | null;
            accept_i_am_statement?: components["schemas"]["AcceptIAmStatementAction"] | null;
            accept_identity_visualization?: components["schemas"]["AcceptIdentityVisualizationAction"] | null;
            archive_identity?: components["schemas"]["ArchiveIdentityAction"] | null;
            nest_identity?: components["schemas"]["NestIdentityAction"] | null;
            combine_identities?: components["schemas"]["CombineIdentitiesAction"] | null;
            transition_phase?: components["schemas"]["TransitionPhaseAction"] | null;
            select_identity_focus?: components["schemas"]["SelectIdentityFocusAction"] | null;
            skip_identity_category?: components["schemas"]["SkipIdentityCategoryAction"] | null;
            unskip_identity_category?: components["schemas"]["UnskipIdentityCategoryAction"] | null;
            update_who_you_are?: components["schemas"]["UpdateWhoYouAreAction"] | null;
            update_who_you_want_to_be?: components["schemas"]["UpdateWhoYouWantToBeAction"] | null;
            update_asked_questions?: components["schemas"]["UpdateAskedQuestionsAction"] | null;
            set_current_identity?: components["schemas"]["SetCurrentIdentityAction"] | null;
            add_user_note?: components["schemas"]["AddUserNoteAction"] | null;
            update_user_note?: components["schemas"]["UpdateUserNoteAction"] | null;
            delete_user_note?: components["schemas"]["DeleteUserNoteAction"] | null;
        };
        /**
         * CoachingPhase
         * @description The ten phases, in the order in which a user walks through them.
         * @enum {string}
         */
        CoachingPhase: "introduction" | "get_to_know_you" | "identity_warm_up" | "identity_brainstorming" | "brainstorming_review" | "identity_refinement" | "anything_missing" | "identity_commitment" | "i_am_statement" | "identity_visualization";
        /**
         * CombineIdentitiesAction
         * @description Make one identity of two that the user feels to be the same.
         */
        CombineIdentitiesAction: {
            params: components["schemas"]["CombineIdentitiesParams"];
        };
        /**
         * CombineIdentitiesParams
         * @description Make one identity of two that the user feels to be the same.
         */
        CombineIdentitiesParams: {
            /**
             * Identity Id A
             * @description The id of the first identity; its name comes first.
             */
            identity_id_a: string;
            /**
             * Identity Id B
             * @description The id of the second identity.
             */
            identity_id_b: string;
        };
        /**
         * CreateIdentityAction
         * @description Create an identity that the user has named. Use it once the user says who they are or want to be.
         */
        CreateIdentityAction: {
            params: components["schemas"]["CreateIdentityParams"];
        };
        /**
         * CreateIdentityParams
         * @description Create an identity that the user has named. Use it once the user says who they are or want to be.
         */
        CreateIdentityParams: {
            /**
             * Name
             * @description The identity's name, a few words as the user would say it.
             */
            name: string;
            /** @description The part of life that the identity belongs to. */
            category: components["schemas"]["IdentityCategory"];
            /**
             * Note
             * @description What the user said about it, in their words; empty when nothing was said.
             */
            note: string;
        };
        /**
         * DeleteUserNoteAction
         * @description Forget something that was remembered about the user.
         */
        DeleteUserNoteAction: {
            params: components["schemas"]["DeleteUserNoteParams"];
        };
        /**
         * DeleteUserNoteParams
         * @description Forget something that was remembered about the user.
         */
        DeleteUserNoteParams: {
            /**
             * User Note Id
             * @description The id of one of the notes about the user, as listed in the context.
             */
            user_note_id: string;
        };
        /**
         * GetToKnowYouQuestion
         * @description The five questions of the phase `get_to_know_you`, in asking order.
         * @enum {string}
         */
        GetToKnowYouQuestion: "background_upbringing" | "family_structure" | "work_living" | "hobbies_interests" | "why_here_hopes";
        /**
         * IdentityCategory
         * @description The categories, in the order in which a user walks through them.
         * @enum {string}
         */
        IdentityCategory: "passions_and_talents" | "maker_of_money" | "keeper_of_money" | "spiritual" | "personal_appearance" | "physical_expression" | "familial_relations" | "romantic_relation" | "doer_of_things";
        /**
         * NestIdentityAction
         * @description Make one identity a part of another: its notes move to the parent and it is archived.
         */
        NestIdentityAction: {
            params: components["schemas"]["NestIdentityParams"];
        };
        /**
         * NestIdentityParams
         * @description Make one identity a part of another: its notes move to the parent and it is archived.
         */
        NestIdentityParams: {
            /**
             * Identity Id
             * @description The id of the identity that becomes a part of the other.
             */
            identity_id: string;
            /**
             * Parent Identity Id
             * @description The id of the identity that takes it in.
             */
            parent_identity_id: string;
        };
        /**
         * PostedResponse
         * @description A structured response from a program that did its own coaching.
         */
        PostedResponse: {
            response: components["schemas"]["CoachChatResponse"];
        };
        /**
         * SelectIdentityFocusAction
         * @description Choose the category that is talked about next.
         */
        SelectIdentityFocusAction: {
            params: components["schemas"]["SelectIdentityFocusParams"];
        };
        /**
         * SelectIdentityFocusParams
         * @description Choose the category that is talked about next.
         */
        SelectIdentityFocusParams: {
            /** @description The category to turn to. */
            category: components["schemas"]["IdentityCategory"];
        };
        /**
         * SetCurrentIdentityAction
         * @description Choose the identity that is worked on now.
         */
        SetCurrentIdentityAction: {
            params: components["schemas"]["SetCurrentIdentityParams"];
        };
        /**
         * SetCurrentIdentityParams
         * @description Choose the identity that is worked on now.
         */
        SetCurrentIdentityParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
        };
        /**
         * SkipIdentityCategoryAction
         * @description Leave a category out, when the user does not want to talk about it.
         */
        SkipIdentityCategoryAction: {
            params: components["schemas"]["SkipIdentityCategoryParams"];
        };
        /**
         * SkipIdentityCategoryParams
         * @description Leave a category out, when the user does not want to talk about it.
         */
        SkipIdentityCategoryParams: {
            /** @description The category to leave out. */
            category: components["schemas"]["IdentityCategory"];
        };
        /**
         * TransitionPhaseAction
         * @description Move the coaching to another phase, once this one has done its work or the user asks for it.
         */
        TransitionPhaseAction: {
            params: components["schemas"]["TransitionPhaseParams"];
        };
        /**
         * TransitionPhaseParams
         * @description Move the coaching to another phase, once this one has done its work or the user asks for it.
         */
        TransitionPhaseParams: {
            /** @description The phase to move to. */
            to_phase: components["schemas"]["CoachingPhase"];
        };
        /**
         * UnskipIdentityCategoryAction
         * @description Take a category in again that was left out.
         */
        UnskipIdentityCategoryAction: {
            params: components["schemas"]["UnskipIdentityCategoryParams"];
        };
        /**
         * UnskipIdentityCategoryParams
         * @description Take a category in again that was left out.
         */
        UnskipIdentityCategoryParams: {
            /** @description The category to take in again. */
            category: components["schemas"]["IdentityCategory"];
        };
        /**
         * UpdateAskedQuestionsAction
         * @description Record that a get-to-know-you question has been asked and answered.
         */
        UpdateAskedQuestionsAction: {
            params: components["schemas"]["UpdateAskedQuestionsParams"];
        };
        /**
         * UpdateAskedQuestionsParams
         * @description Record that a get-to-know-you question has been asked and answered.
         */
        UpdateAskedQuestionsParams: {
            /** @description The question that was asked. */
            asked_question: components["schemas"]["GetToKnowYouQuestion"];
        };
        /**
         * UpdateIAmStatementAction
         * @description Write down the identity's "I am" statement as the user settled on it.
         */
        UpdateIAmStatementAction: {
            params: components["schemas"]["UpdateIAmStatementParams"];
        };
        /**
         * UpdateIAmStatementParams
         * @description Write down the identity's "I am" statement as the user settled on it.
         */
        UpdateIAmStatementParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
            /**
             * I Am Statement
             * @description The whole statement, beginning with "I am".
             */
            i_am_statement: string;
        };
        /**
         * UpdateIdentityNameAction
         * @description Rename an identity when the user prefers other words for it.
         */
        UpdateIdentityNameAction: {
            params: components["schemas"]["UpdateIdentityNameParams"];
        };
        /**
         * UpdateIdentityNameParams
         * @description Rename an identity when the user prefers other words for it.
         */
        UpdateIdentityNameParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
            /**
             * Name
             * @description The new name.
             */
            name: string;
        };
        /**
         * UpdateIdentityVisualizationAction
         * @description Write down how the user pictures life as this identity.
         */
        UpdateIdentityVisualizationAction: {
            params: components["schemas"]["UpdateIdentityVisualizationParams"];
        };
        /**
         * UpdateIdentityVisualizationParams
         * @description Write down how the user pictures life as this identity.
         */
        UpdateIdentityVisualizationParams: {
            /**
             * Identity Id
             * @description The id of one of the user's identities, as listed in the context.
             */
            identity_id: string;
            /**
             * Visualization
             * @description The picture, in the user's words.
             */
            visualization: string;
        };
        /**
         * UpdateUserNoteAction
         * @description Correct something that was remembered about the user.
         */
        UpdateUserNoteAction: {
            params: components["schemas"]["UpdateUserNoteParams"];
        };
        /**
         * UpdateUserNoteParams
         * @description Correct something that was remembered about the user.
         */
        UpdateUserNoteParams: {
            /**
             * User Note Id
             * @description The id of one of the notes about the user, as listed in the context.
             */
            user_note_id: string;
            /**
             * Note
             * @description What to remember instead.
             */
            note: string;
        };
        /**
         * UpdateWhoYouAreAction
         * @description Write down who the user says they are: the whole list, old entries included.
         */
        UpdateWhoYouAreAction: {
            params: components["schemas"]["UpdateWhoYouAreParams"];
        };
        /**
         * UpdateWhoYouAreParams
         * @description Write down who the user says they are: the whole list, old entries included.
         */
        UpdateWhoYouAreParams: {
            /**
             * Who You Are
             * @description Every entry, in order, without repeats.
             */
            who_you_are: string[];
        };
        /**
         * UpdateWhoYouWantToBeAction
         * @description Write down who the user says they want to be: the whole list, old entries included.
         */
        UpdateWhoYouWantToBeAction: {
            params: components["schemas"]["UpdateWhoYouWantToBeParams"];
        };
        /**
         * UpdateWhoYouWantToBeParams
         * @description Write down who the user says they want to be: the whole list, old entries included.
         */
        UpdateWhoYouWantToBeParams: {
            /**
             * Who You Want To Be
             * @description Every entry, in order, without repeats.
             */
            who_you_want_to_be: string[];
        };
        /**
         * ActionFilter
         * @description Which actions, and which part of the list.
         */
        ActionFilter: {
            /**
             * Limit
             * @description How many at most.
             * @default 50
             */
            limit: number;
            /**
             * Cursor
             * @description The last answer's `next_cursor`.
             */
            cursor?: string | null;
            /** @description Only those that stand here. */
            status?: components["schemas"]["ActionStatus"] | null;
            /** @description Only those of this type. */
            action_type?: components["schemas"]["ActionType"] | null;
            /**
             * Q
             * @description Only those with this text in their label, parameters, result or error, in any case.
             */
            q?: string | null;
        };
        /**
         * ActionStatus
         * @description The life of an action (drawn in the docs, "Life of an action").
         *
         *     Open statuses hold the user's lane; ended ones let it go on.
         * @enum {string}
         */
        ActionStatus: "queued" | "running" | "retrying" | "parked" | "succeeded" | "skipped" | "rejected" | "dead" | "cancelled";
        /**
         * ActionType
         * @description What a coach may do to a user's state.
         *
         *     Rows and messages in flight carry these values: an action that is renamed keeps its old one as an alias. The
         *     declared order is the canonical one, in which the actions of one response run.
         * @enum {string}
         */
        ActionType: "create_identity" | "update_identity_name" | "update_i_am_statement" | "update_identity_visualization" | "add_identity_note" | "accept_identity" | "accept_identity_refinement" | "accept_identity_commitment" | "accept_i_am_statement" | "accept_identity_visualization" | "archive_identity" | "nest_identity" | "combine_identities" | "transition_phase" | "select_identity_focus" | "skip_identity_category" | "unskip_identity_category" | "update_who_you_are" | "update_who_you_want_to_be" | "update_asked_questions" | "set_current_identity" | "add_user_note" | "update_user_note" | "delete_user_note";
        /** Page[Action] */
        Page_Action_: {
            /** Items */
            items: components["schemas"]["Action"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * CoachState
         * @description Where the user stands in the coaching. `current_identity` is an identity's id.
         */
        CoachState: {
            /**
             * Current Phase
             * @enum {string}
             */
            current_phase: "introduction" | "get_to_know_you" | "identity_warm_up" | "identity_brainstorming" | "brainstorming_review" | "identity_refinement" | "anything_missing" | "identity_commitment" | "i_am_statement" | "identity_visualization";
            /**
             * Identity Focus
             * @enum {string}
             */
            identity_focus: "passions_and_talents" | "maker_of_money" | "keeper_of_money" | "spiritual" | "personal_appearance" | "physical_expression" | "familial_relations" | "romantic_relation" | "doer_of_things";
            /** Current Identity */
            current_identity: string | null;
            /** Skipped Identity Categories */
            skipped_identity_categories: ("passions_and_talents" | "maker_of_money" | "keeper_of_money" | "spiritual" | "personal_appearance" | "physical_expression" | "familial_relations" | "romantic_relation" | "doer_of_things")[];
            /** Who You Are */
            who_you_are: string[];
            /** Who You Want To Be */
            who_you_want_to_be: string[];
            /** Asked Questions */
            asked_questions: ("background_upbringing" | "family_structure" | "work_living" | "hobbies_interests" | "why_here_hopes")[];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * Identity
         * @description An identity that the user works out.
         */
        Identity: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /**
             * Category
             * @enum {string}
             */
            category: "passions_and_talents" | "maker_of_money" | "keeper_of_money" | "spiritual" | "personal_appearance" | "physical_expression" | "familial_relations" | "romantic_relation" | "doer_of_things";
            /**
             * State
             * @enum {string}
             */
            state: "proposed" | "accepted" | "refinement_complete" | "commitment_complete" | "i_am_complete" | "visualization_complete" | "archived";
            /** I Am Statement */
            i_am_statement: string;
            /** Visualization */
            visualization: string;
            /** Notes */
            notes: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /** Page[Identity] */
        Page_Identity_: {
            /** Items */
            items: components["schemas"]["Identity"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[UserNote] */
        Page_UserNote_: {
            /** Items */
            items: components["schemas"]["UserNote"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * UserNote
         * @description One fact that the coach remembers about the user.
         */
        UserNote: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Note */
            note: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * AdminActionFilter
         * @description Which actions of all users.
         */
        AdminActionFilter: {
            /**
             * Limit
             * @description How many at most.
             * @default 50
             */
            limit: number;
            /**
             * Cursor
             * @description The last answer's `next_cursor`.
             */
            cursor?: string | null;
            /** @description Only those that stand here. */
            status?: components["schemas"]["ActionStatus"] | null;
            /** @description Only those of this type. */
            action_type?: components["schemas"]["ActionType"] | null;
            /**
             * Q
             * @description Only those with this text in their label, parameters, result or error, in any case.
             */
            q?: string | null;
            /**
             * Email
             * @description Only this user's.
             */
            email?: string | null;
        };
        /**
         * AdminAction
         * @description An action as staff see it.
         */
        AdminAction: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Coach Message Id */
            coach_message_id: string | null;
            /** Position */
            position: number;
            /**
             * Action Type
             * @enum {string}
             */
            action_type: "create_identity" | "update_identity_name" | "update_i_am_statement" | "update_identity_visualization" | "add_identity_note" | "accept_identity" | "accept_identity_refinement" | "accept_identity_commitment" | "accept_i_am_statement" | "accept_identity_visualization" | "archive_identity" | "nest_identity" | "combine_identities" | "transition_phase" | "select_identity_focus" | "skip_identity_category" | "unskip_identity_category" | "update_who_you_are" | "update_who_you_want_to_be" | "update_asked_questions" | "set_current_identity" | "add_user_note" | "update_user_note" | "delete_user_note";
            /** Label */
            label: string;
            /** Parameters */
            parameters: {
                [key: string]: unknown;
            };
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "retrying" | "parked" | "succeeded" | "skipped" | "rejected" | "dead" | "cancelled";
            /** Attempt */
            attempt: number;
            /** Max Attempts */
            max_attempts: number;
            /** Result Summary */
            result_summary: string;
            error: components["schemas"]["ActionError"] | null;
            /**
             * Queued At
             * Format: date-time
             */
            queued_at: string;
            /** Due At */
            due_at: string | null;
            /** Started At */
            started_at: string | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
            /** Email */
            email: string;
        };
        /** Page[AdminAction] */
        Page_AdminAction_: {
            /** Items */
            items: components["schemas"]["AdminAction"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Stats
         * @description How the queue stands. The oldest waiting action's age is in seconds, null where none waits.
         */
        Stats: {
            /** Actions */
            actions: {
                [key: string]: number;
            };
            /** Oldest Waiting S */
            oldest_waiting_s: number | null;
            /** Lanes Open */
            lanes_open: number;
        };
        /** Page[ScenarioSummary] */
        Page_ScenarioSummary_: {
            /** Items */
            items: components["schemas"]["ScenarioSummary"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * ScenarioSummary
         * @description A scenario of the library. `added_by` is an email, empty for one that a command added.
         */
        ScenarioSummary: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Turns */
            turns: number;
            /** Actions */
            actions: number;
            /** Added By */
            added_by: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * FrozenScenario
         * @description The scenario that a conversation became, and what of it the scenario cannot say.
         */
        FrozenScenario: {
            scenario: components["schemas"]["ScenarioSummary"];
            /** Remarks */
            remarks: string[];
        };
        /**
         * FreezeOrder
         * @description Whose conversation is to become a scenario, and whether as it was written; by default with pseudonyms.
         *
         *     `replace` puts it in the place of a scenario of the same name.
         */
        FreezeOrder: {
            /** Email */
            email: string;
            /** Name */
            name?: string | null;
            /**
             * Real Names
             * @default false
             */
            real_names: boolean;
            /**
             * Replace
             * @default false
             */
            replace: boolean;
        };
        /**
         * Scenario
         * @description A scenario of the library, and its file.
         */
        Scenario: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Turns */
            turns: number;
            /** Actions */
            actions: number;
            /** Added By */
            added_by: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Content */
            content: {
                [key: string]: unknown;
            };
        };
        /**
         * ReplaySummary
         * @description A replay. `started_by` is an email, empty for the command's; `done` of `total` copies have ended.
         *
         *     `differing` scenarios are known by now not to be as expected. `reason` says why it did not come to its end, where
         *     that is not plain.
         */
        ReplaySummary: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Status
             * @enum {string}
             */
            status: "starting" | "running" | "as_expected" | "differs" | "stopped" | "failed";
            /** Started By */
            started_by: string;
            /** Names */
            names: string[];
            /** Copies */
            copies: number;
            /** Done */
            done: number;
            /** Total */
            total: number;
            /** Differing */
            differing: number;
            /** Actions */
            actions: number;
            /** Seconds */
            seconds: number | null;
            /** Reason */
            reason: string;
            /** Is Stopping */
            is_stopping: boolean;
            /** Has Report */
            has_report: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ended At */
            ended_at: string | null;
        };
        /**
         * ReplayOrder
         * @description Which scenarios to play, each how often.
         */
        ReplayOrder: {
            /** Scenario Ids */
            scenario_ids: string[];
            /**
             * Copies
             * @default 1
             */
            copies: number;
        };
        /** Page[ReplaySummary] */
        Page_ReplaySummary_: {
            /** Items */
            items: components["schemas"]["ReplaySummary"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Replay
         * @description A replay, and what became of each scenario; null where it did not come to its end.
         */
        Replay: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Status
             * @enum {string}
             */
            status: "starting" | "running" | "as_expected" | "differs" | "stopped" | "failed";
            /** Started By */
            started_by: string;
            /** Names */
            names: string[];
            /** Copies */
            copies: number;
            /** Done */
            done: number;
            /** Total */
            total: number;
            /** Differing */
            differing: number;
            /** Actions */
            actions: number;
            /** Seconds */
            seconds: number | null;
            /** Reason */
            reason: string;
            /** Is Stopping */
            is_stopping: boolean;
            /** Has Report */
            has_report: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ended At */
            ended_at: string | null;
            /** Results */
            results: components["schemas"]["ReplayResult"][] | null;
        };
        /**
         * ReplayDifference
         * @description Something that is not as expected, and the action that made it so, if one did: `3. accept_identity`.
         */
        ReplayDifference: {
            /** Place */
            place: string;
            /** Expected */
            expected: unknown;
            /** Got */
            got: unknown;
            /** By */
            by?: string | null;
        };
        /**
         * ReplayDisagreement
         * @description The number of a copy that came to something else than playing the same in one process, and to what.
         */
        ReplayDisagreement: {
            /** Number */
            number: number;
            /** Differences */
            differences: components["schemas"]["ReplayDifference"][];
        };
        /**
         * ReplayResult
         * @description What became of one scenario. `unsettled` are copies that did not come to their end.
         */
        ReplayResult: {
            /** Name */
            name: string;
            /** As Expected */
            as_expected: boolean;
            /** Copies */
            copies: number;
            /** Differences */
            differences: components["schemas"]["ReplayDifference"][];
            /** Unresolved */
            unresolved: string[];
            /** Unsettled */
            unsettled: number[];
            /** Disagreements */
            disagreements: components["schemas"]["ReplayDisagreement"][];
        };
        /**
         * Problem
         * @description An error (RFC 9457).
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /**
             * @description Why the coach did not answer, where it was asked (503).
             * @enum {string}
             */
            kind?: "refusal" | "truncated" | "invalid_response" | "timeout" | "rate_limit" | "unavailable" | "no_key" | "wrong_key" | "wrong_model";
            /** @description Where a request of status 422 is wrong. */
            errors?: {
                loc: (string | number)[];
                msg: string;
            }[];
        };
        /**
         * ActionEvent
         * @description `action`: what an action came to, as it was then.
         */
        ActionEvent: {
            action: components["schemas"]["Action"];
        };
        /**
         * CoachStateEvent
         * @description `coach_state`: the state and the live identities, oldest first, as they are now.
         */
        CoachStateEvent: {
            coach_state: components["schemas"]["CoachState"];
            /** Identities */
            identities: components["schemas"]["Identity"][];
        };
        /**
         * HelloEvent
         * @description `hello`, the first event of a stream: the cursor after which it goes on.
         */
        HelloEvent: {
            /** Cursor */
            cursor: number;
        };
        /**
         * MessageDeltaEvent
         * @description `message_delta`, which has no cursor: a piece of the message that the coach is writing to answer the user's.
         *
         *     It begins after `start` characters; what was told from there on is to be forgotten. With `is_over` nothing is being
         *     written any more: the whole message comes as `message`, unless the coach could not answer.
         */
        MessageDeltaEvent: {
            /**
             * User Message Id
             * Format: uuid
             */
            user_message_id: string;
            /** Start */
            start: number;
            /** Text */
            text: string;
            /** Is Over */
            is_over: boolean;
        };
        /**
         * MessageEvent
         * @description `message`: a message, with its actions as they are now.
         */
        MessageEvent: {
            message: components["schemas"]["Message"];
        };
        /**
         * ResetEvent
         * @description `reset`: load everything again.
         */
        ResetEvent: Record<string, never>;
        /**
         * RunningEvent
         * @description `running`, which has no cursor: an attempt of the action is under way.
         */
        RunningEvent: {
            action: components["schemas"]["Action"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sign_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionState"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionState"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionState"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionState"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The last event whose outcome this shows, and none after it: read on from here. */
                    "Events-Cursor": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Message_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body again: the first answer again, and nothing is stored twice. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedMessage"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePair"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_response: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body again: the first answer again, and nothing is stored twice. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedResponse"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredResponse"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_actions: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
                /** @description Only those that stand here. */
                status?: components["schemas"]["ActionStatus"] | null;
                /** @description Only those of this type. */
                action_type?: components["schemas"]["ActionType"] | null;
                /** @description Only those with this text in their label, parameters, result or error, in any case. */
                q?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The last event whose outcome this shows, and none after it: read on from here. */
                    "Events-Cursor": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Action_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The last event whose outcome this shows, and none after it: read on from here. */
                    "Events-Cursor": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Action"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_coach_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The last event whose outcome this shows, and none after it: read on from here. */
                    "Events-Cursor": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoachState"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_identities: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
                archived?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The last event whose outcome this shows, and none after it: read on from here. */
                    "Events-Cursor": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Identity_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_user_notes: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The last event whose outcome this shows, and none after it: read on from here. */
                    "Events-Cursor": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UserNote_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_all_actions: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
                /** @description Only those that stand here. */
                status?: components["schemas"]["ActionStatus"] | null;
                /** @description Only those of this type. */
                action_type?: components["schemas"]["ActionType"] | null;
                /** @description Only those with this text in their label, parameters, result or error, in any case. */
                q?: string | null;
                /** @description Only this user's. */
                email?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AdminAction_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAction"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAction"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_scenarios: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ScenarioSummary_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_scenario: {
        parameters: {
            query?: {
                replace?: boolean;
                file?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A scenario file, format 1; `coach replay --schema` prints its JSON schema. */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScenarioSummary"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScenarioSummary"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    freeze_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FreezeOrder"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrozenScenario"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_scenario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                scenario_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scenario"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_scenario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                scenario_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_replays: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last answer's `next_cursor`. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReplaySummary_"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_replay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayOrder"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplaySummary"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                replay_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                replay_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplaySummary"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                replay_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_events: {
        parameters: {
            query?: {
                /** @description The same for programs; 0 is the beginning. Without both: from now on. */
                after?: number;
            };
            header?: {
                /** @description Go on after this event. A browser sends it by itself. */
                "Last-Event-ID"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
